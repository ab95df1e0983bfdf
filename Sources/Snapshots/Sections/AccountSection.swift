import BudgetCore

/// Each account: its budget's name and unit, its tags, its window, its numbers.
enum AccountSection {
  /// Added to the level's byte.
  private static let stopped: UInt8 = 0x80

  private enum WindowKind: UInt8 { case rolling = 0, period, lifetime }

  static func write(_ capture: LedgerCapture, to writer: inout ByteWriter) {
    capture.forEachAccount { account in
      writer.append(account.budget)
      writer.append(byte: account.unit.rawValue)
      writer.append(account.tags)
      write(account.window, to: &writer)
      writer.append(signed: account.windowStart.nanoseconds)
      writer.append(quantity: account.used)
      writer.append(quantity: account.reserved)
      writer.append(quantity: account.usedTotal)
      writer.append(quantity: account.shownTotal)
      writer.append(byte: account.level.rawValue | (account.isStopped ? stopped : 0))
      writer.append(signed: account.lastUse.nanoseconds)
    }
  }

  private static func write(_ window: SavedAccount.Window, to writer: inout ByteWriter) {
    switch window {
    case .rolling(let width, let newest, let amounts):
      writer.append(byte: WindowKind.rolling.rawValue)
      writer.append(signed: width)
      writer.append(signed: newest)
      // Old buckets are often empty.
      let filled = amounts.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
      writer.append(count: filled)
      for amount in amounts.prefix(filled) { writer.append(quantity: amount) }
    case .period(let end):
      writer.append(byte: WindowKind.period.rawValue)
      writer.append(signed: end.nanoseconds)
    case .lifetime(let turns):
      writer.append(byte: WindowKind.lifetime.rawValue)
      writer.append(signed: turns.nanoseconds)
    }
  }

  static func read(_ reader: inout ByteReader) throws(SnapshotError) -> SavedAccount {
    let budget = try reader.text()
    let unit = try reader.unit()
    let tags = try reader.tags()
    let window = try readWindow(&reader)
    let start = Instant(nanoseconds: try reader.signed())
    let used = try reader.quantity()
    let reserved = try reader.quantity()
    let usedTotal = try reader.quantity()
    let shownTotal = try reader.quantity()
    let byte = try reader.byte()
    guard let level = Account.Level(rawValue: byte & ~stopped) else { throw .inconsistent("a level is unknown") }
    var account = SavedAccount(
      budget: budget, unit: unit, tags: tags, window: window, windowStart: start, used: used, reserved: reserved,
      usedTotal: usedTotal, shownTotal: shownTotal, level: level, lastUse: Instant(nanoseconds: try reader.signed()))
    account.isStopped = byte & stopped != 0
    return account
  }

  private static func readWindow(_ reader: inout ByteReader) throws(SnapshotError) -> SavedAccount.Window {
    switch WindowKind(rawValue: try reader.byte()) {
    case .rolling:
      let width = try reader.signed()
      let newest = try reader.signed()
      var amounts: [Quantity] = []
      for _ in 0..<(try reader.count()) { amounts.append(try reader.quantity()) }
      return .rolling(width: width, newest: newest, amounts: amounts)
    case .period: return .period(end: Instant(nanoseconds: try reader.signed()))
    case .lifetime: return .lifetime(turns: Instant(nanoseconds: try reader.signed()))
    case nil: throw .inconsistent("a window is of no known kind")
    }
  }
}
