import BudgetCore

/// What is counted over all activities, then each job, session and task.
enum ActivitySection {
  private static let openFlag: UInt8 = 1
  private static let declaredFlag: UInt8 = 2

  static func write(_ capture: ActivityCapture, to writer: inout ByteWriter) {
    let totals = capture.totals
    writer.append(signed: totals.overflow)
    write(totals.sessions.counts, to: &writer)
    writer.append(quantity: totals.sessions.sum)
    writer.append(count: totals.runaways.count)
    for row in totals.runaways {
      writer.append(row.tag)
      write(row.counts, to: &writer)
    }
    var rows: [SavedActivity] = []
    capture.forEach { rows.append($0) }
    writer.append(count: rows.count)
    for row in rows { write(row, to: &writer) }
  }

  private static func write(_ row: SavedActivity, to writer: inout ByteWriter) {
    writer.append(row.tag)
    writer.append(row.value)
    writer.append(byte: (row.isOpen ? openFlag : 0) | (row.expectedItems == nil ? 0 : declaredFlag))
    for number in [row.tokens, row.requests, row.items] { writer.append(signed: number) }
    writer.append(varint: UInt64(row.itemCarry))
    writer.append(quantity: row.cost)
    if let items = row.expectedItems { writer.append(signed: items) }
    for moment in [row.began, row.lastUse] {
      writer.append(signed: moment.wall.nanoseconds)
      writer.append(signed: moment.steady.nanoseconds)
    }
    writer.append(signed: row.steps)
    writer.append(fixed: row.step)
    writer.append(signed: row.repeats)
    writer.append(fixed: row.fingerprint)
    write(row.told, to: &writer)
  }

  private static func write(_ counts: [Int64], to writer: inout ByteWriter) {
    writer.append(count: counts.count)
    for count in counts { writer.append(signed: count) }
  }

  static func readTotals(_ reader: inout ByteReader) throws(SnapshotError) -> SavedActivityTotals {
    var totals = SavedActivityTotals()
    totals.overflow = try reader.signed()
    let counts = try readCounts(&reader)
    guard let sessions = SessionHistogram(counts: counts, sum: try reader.quantity()) else {
      throw .inconsistent("the tokens of sessions are none")
    }
    totals.sessions = sessions
    for _ in 0..<(try reader.count()) {
      totals.runaways.append(.init(tag: try reader.text(), counts: try readCounts(&reader)))
    }
    return totals
  }

  static func readRow(_ reader: inout ByteReader) throws(SnapshotError) -> SavedActivity {
    let (tag, value) = (try reader.text(), try reader.text())
    let flags = try reader.byte()
    let (tokens, requests, items) = (try reader.signed(), try reader.signed(), try reader.signed())
    guard let carry = UInt32(exactly: try reader.varint()) else {
      throw .inconsistent("the carry of \(tag) \(value) is out of bounds")
    }
    let cost = try reader.quantity()
    let expected: Int64? = flags & declaredFlag == 0 ? nil : try reader.signed()
    return SavedActivity(
      tag: tag, value: value, isOpen: flags & openFlag != 0, tokens: tokens, requests: requests, items: items,
      itemCarry: carry, cost: cost, expectedItems: expected, began: try readMoment(&reader),
      lastUse: try readMoment(&reader), steps: try reader.signed(), step: try reader.fixed(),
      repeats: try reader.signed(), fingerprint: try reader.fixed(), told: try readCounts(&reader))
  }

  private static func readCounts(_ reader: inout ByteReader) throws(SnapshotError) -> [Int64] {
    var counts: [Int64] = []
    for _ in 0..<(try reader.count()) { counts.append(try reader.signed()) }
    return counts
  }

  private static func readMoment(_ reader: inout ByteReader) throws(SnapshotError) -> Moment {
    Moment(
      wall: Instant(nanoseconds: try reader.signed()), steady: Instant(nanoseconds: try reader.signed()))
  }
}
