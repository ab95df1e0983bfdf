// Learned distributions of output, and which open reservations hold an estimate.
extension LedgerRestorer {
  package mutating func add(_ saved: SavedEstimate) throws(InconsistentState) {
    guard ledger.estimates.restore(saved, lastUse: clock.past(saved.lastUse)) else {
      throw InconsistentState("the estimates of model \(saved.model) appear twice")
    }
  }

  package mutating func setEstimateTally(_ stored: [Int64]) { ledger.estimates.tally = EstimateTally(stored: stored) }

  /// Reservations must have been added before; a slot that is none is passed over.
  package mutating func setOutputSource(_ source: OutputSource, slot: Int) {
    guard slots.indices.contains(slot) else { return }
    slots[slot].outputSource = source
  }
}
