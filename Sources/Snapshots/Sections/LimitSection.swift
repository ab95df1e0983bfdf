import BudgetCore

/// Each limit that is not the configured one: whose it is, its override, its top-ups, what was rolled over.
enum LimitSection {
  static func write(_ limits: [SavedLimits], to writer: inout ByteWriter) {
    for row in limits {
      writer.append(row.budget)
      writer.append(byte: row.unit.rawValue)
      writer.append(byte: row.tags == nil ? 0 : 1)
      if let tags = row.tags { writer.append(tags) }
      writer.append(byte: row.override == nil ? 0 : 1)
      if let term = row.override { write(term, to: &writer) }
      writer.append(count: row.topUps.count)
      for term in row.topUps { write(term, to: &writer) }
      writer.append(quantity: row.rolledOver)
      writer.append(signed: row.windowEnd.nanoseconds)
    }
  }

  private static func write(_ term: LimitTerm, to writer: inout ByteWriter) {
    writer.append(byte: term.amount == nil ? 0 : 1)
    if let amount = term.amount { writer.append(quantity: amount) }
    writer.append(byte: term.until == nil ? 0 : 1)
    guard let until = term.until else { return }
    writer.append(signed: until.wall.nanoseconds)
    writer.append(signed: until.steady.nanoseconds)
  }

  static func read(_ reader: inout ByteReader) throws(SnapshotError) -> SavedLimits {
    var row = SavedLimits(budget: try reader.text(), unit: try reader.unit(), tags: nil, override: nil)
    if try reader.byte() != 0 { row.tags = try reader.tags() }
    if try reader.byte() != 0 { row.override = try readTerm(&reader) }
    for _ in 0..<(try reader.count()) { row.topUps.append(try readTerm(&reader)) }
    row.rolledOver = try reader.quantity()
    row.windowEnd = Instant(nanoseconds: try reader.signed())
    return row
  }

  private static func readTerm(_ reader: inout ByteReader) throws(SnapshotError) -> LimitTerm {
    let amount: Quantity? = try reader.byte() == 0 ? nil : try reader.quantity()
    guard try reader.byte() != 0 else { return LimitTerm(amount: amount, until: nil) }
    let wall = Instant(nanoseconds: try reader.signed())
    return LimitTerm(amount: amount, until: Moment(wall: wall, steady: Instant(nanoseconds: try reader.signed())))
  }
}
