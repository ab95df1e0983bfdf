// Counters are stored by name: a counter that is new, gone or moved leaves the others alone.
extension LedgerCounters {
  private static var fields: [(name: String, path: WritableKeyPath<LedgerCounters, Int64>)] {
    [
      ("duplicates", \.duplicates),
      ("series_overflow", \.seriesOverflow),
      ("account_overflow", \.accountOverflow),
      ("scope_overflow", \.scopeOverflow),
      ("series_expired", \.seriesExpired),
      ("unpriced_tokens", \.unpricedTokens),
      ("reservations_granted", \.reservationsGranted),
      ("reservations_settled", \.reservationsSettled),
      ("reservations_released", \.reservationsReleased),
      ("reservations_expired_charged", \.reservationsExpiredCharged),
      ("reservations_expired_refunded", \.reservationsExpiredRefunded),
      ("events_lost", \.eventsLost),
      ("stopped_denials", \.stoppedDenials),
    ]
  }

  private static let rejectedPrefix = "rejected_"
  private static let estimatedCostName = "estimated_cost"

  /// Every counter with the name it is stored under.
  package var named: [(name: String, value: Quantity)] {
    var all = Self.fields.map { (name: $0.name, value: Quantity(self[keyPath: $0.path])) }
    all.append((Self.estimatedCostName, estimatedCost))
    for reason in RejectReason.allCases { all.append((Self.rejectedPrefix + reason.name, Quantity(self[reason]))) }
    return all
  }

  /// Sets the counter of this name; an unknown name is passed over.
  mutating func set(_ name: String, to value: Quantity) {
    if name == Self.estimatedCostName {
      estimatedCost = value
    } else if let field = Self.fields.first(where: { $0.name == name }) {
      self[keyPath: field.path] = Int64(clamping: value)
    } else if let reason = RejectReason.allCases.first(where: { Self.rejectedPrefix + $0.name == name }) {
      rejected[Int(reason.rawValue)] = Int64(clamping: value)
    }
  }
}
