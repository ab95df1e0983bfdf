package import BudgetCore

extension SharedLedger {
  /// The tags that a remembered reservation was made with.
  package func tags(of id: ReservationID) -> TagSet? { section { ledger, _ in ledger.tags(of: id) } }
}
