import BudgetCore

/// Each budget's counts: decisions, events, overshoot.
enum TallySection {
  static func write(_ capture: LedgerCapture, to writer: inout ByteWriter) {
    for tally in capture.savedTallies {
      writer.append(tally.budget)
      writer.append(byte: tally.unit.rawValue)
      for counts in [tally.decisions, tally.events] {
        writer.append(count: counts.count)
        for count in counts { writer.append(signed: count) }
      }
      writer.append(count: tally.overshoot.count)
      for amount in tally.overshoot { writer.append(quantity: amount) }
    }
  }

  static func read(_ reader: inout ByteReader) throws(SnapshotError) -> SavedTally {
    var tally = SavedTally(
      budget: try reader.text(), unit: try reader.unit(), decisions: [], events: [], overshoot: [])
    for _ in 0..<(try reader.count()) { tally.decisions.append(try reader.signed()) }
    for _ in 0..<(try reader.count()) { tally.events.append(try reader.signed()) }
    for _ in 0..<(try reader.count()) { tally.overshoot.append(try reader.quantity()) }
    return tally
  }
}
