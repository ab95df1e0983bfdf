// For whom something was made: what a caller who speaks for some only may touch.
extension Ledger {
  /// The tags that a remembered reservation was made with, open or closed.
  package func tags(of id: ReservationID) -> TagSet? {
    reservations.slot(of: id).map { reservations[$0].tags }
  }
}
