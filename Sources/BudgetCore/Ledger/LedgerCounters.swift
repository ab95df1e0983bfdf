/// What the ledger counts of itself.
package struct LedgerCounters: Sendable {
  package internal(set) var rejected: InlineArray<18, Int64> = InlineArray(repeating: 0)
  /// Usage whose id was seen before.
  package internal(set) var duplicates: Int64 = 0
  /// Usage that found no place for a series of its own and went to `__other__`.
  package internal(set) var seriesOverflow: Int64 = 0
  package internal(set) var accountOverflow: Int64 = 0
  package internal(set) var scopeOverflow: Int64 = 0
  /// Series that were idle and folded into `__other__`.
  package internal(set) var seriesExpired: Int64 = 0
  /// What was charged at the fallback rate, in picodollars.
  package internal(set) var estimatedCost: Quantity = 0
  /// Tokens that nobody has a price for.
  package internal(set) var unpricedTokens: Int64 = 0
  package internal(set) var reservationsGranted: Int64 = 0
  package internal(set) var reservationsSettled: Int64 = 0
  package internal(set) var reservationsReleased: Int64 = 0
  package internal(set) var reservationsExpiredCharged: Int64 = 0
  package internal(set) var reservationsExpiredRefunded: Int64 = 0
  /// Requests for something to be held that were denied because a subject among their tags is stopped.
  package internal(set) var stoppedDenials: Int64 = 0
  package internal(set) var eventsLost: Int64 = 0

  package init() {}

  package subscript(reason: RejectReason) -> Int64 { rejected[Int(reason.rawValue)] }

  mutating func count(_ reason: RejectReason) { rejected[Int(reason.rawValue)] &+= 1 }
}
