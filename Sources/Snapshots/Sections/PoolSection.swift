import BudgetCore

/// The number of the next allocation, then each pool with its allocations and those that it remembers.
enum PoolSection {
  static func write(_ capture: LedgerCapture, to writer: inout ByteWriter) {
    let (nextNumber, pools) = capture.savedPools
    writer.append(varint: nextNumber)
    writer.append(count: pools.count)
    for pool in pools { write(pool, to: &writer) }
  }

  private static func write(_ pool: SavedPool, to writer: inout ByteWriter) {
    writer.append(pool.name)
    writer.append(quantity: pool.extra)
    writer.append(signed: pool.windowEnd.nanoseconds)
    writer.append(count: pool.spent.count)
    for amount in pool.spent { writer.append(quantity: amount) }
    write(pool.used, to: &writer)
    for counts in [pool.events, pool.denied] {
      writer.append(count: counts.count)
      for count in counts { writer.append(signed: count) }
    }
    writer.append(signed: pool.historyCount)
    writer.append(count: pool.open.count)
    for held in pool.open { write(held, to: &writer) }
    writer.append(count: pool.history.count)
    for ended in pool.history {
      write(ended.held, to: &writer)
      writer.append(byte: ended.ending.rawValue)
      writer.append(signed: ended.endedAt.nanoseconds)
    }
  }

  private static func write(_ usage: AllocationUsage, to writer: inout ByteWriter) {
    for amount in [usage.lookup, usage.reasoning, usage.untyped] { writer.append(quantity: amount) }
  }

  private static func write(_ held: SavedPool.Held, to writer: inout ByteWriter) {
    writer.append(varint: held.id.number)
    writer.append(fixed: held.id.secret)
    writer.append(held.agent)
    writer.append(held.task)
    writer.append(byte: held.priority.rawValue)
    writer.append(quantity: held.granted)
    writer.append(quantity: held.lookup)
    write(held.used, to: &writer)
    writer.append(byte: held.level.rawValue)
    writer.append(signed: held.since.nanoseconds)
    writer.append(byte: held.deadline == nil ? 0 : 1)
    if let deadline = held.deadline { writer.append(signed: deadline.nanoseconds) }
  }

  static func read(_ reader: inout ByteReader) throws(SnapshotError) -> SavedPool {
    var pool = SavedPool(name: try reader.text())
    pool.extra = try reader.quantity()
    pool.windowEnd = Instant(nanoseconds: try reader.signed())
    for _ in 0..<(try reader.count()) { pool.spent.append(try reader.quantity()) }
    pool.used = try readUsage(&reader)
    for _ in 0..<(try reader.count()) { pool.events.append(try reader.signed()) }
    for _ in 0..<(try reader.count()) { pool.denied.append(try reader.signed()) }
    pool.historyCount = try reader.signed()
    for _ in 0..<(try reader.count()) { pool.open.append(try readHeld(&reader)) }
    for _ in 0..<(try reader.count()) {
      let held = try readHeld(&reader)
      guard let ending = AllocationRecord.Ending(rawValue: try reader.byte()) else {
        throw .inconsistent("an allocation ended in no known way")
      }
      pool.history.append(
        SavedPool.Ended(held: held, ending: ending, endedAt: Instant(nanoseconds: try reader.signed())))
    }
    return pool
  }

  private static func readUsage(_ reader: inout ByteReader) throws(SnapshotError) -> AllocationUsage {
    AllocationUsage(lookup: try reader.quantity(), reasoning: try reader.quantity(), untyped: try reader.quantity())
  }

  private static func readHeld(_ reader: inout ByteReader) throws(SnapshotError) -> SavedPool.Held {
    let id = AllocationID(number: try reader.varint(), secret: try reader.fixed())
    let agent = try reader.text()
    let task = try reader.text()
    guard let priority = Priority(rawValue: try reader.byte()) else { throw .inconsistent("a priority is unknown") }
    let granted = try reader.quantity()
    let lookup = try reader.quantity()
    let used = try readUsage(&reader)
    guard let level = Allocation.Level(rawValue: try reader.byte()) else { throw .inconsistent("a level is unknown") }
    let since = Instant(nanoseconds: try reader.signed())
    let deadline: Instant? = try reader.byte() == 0 ? nil : Instant(nanoseconds: try reader.signed())
    return SavedPool.Held(
      id: id, agent: agent, task: task, priority: priority, granted: granted, lookup: lookup, used: used,
      level: level, since: since, deadline: deadline)
  }
}
