import BudgetCore
import UsageProtocol

// How what comes in is written down as acts.
extension UsageObject {
  /// As the settlement of its reservation, or as usage of its own.
  var act: LedgerAct {
    .record(spend, tags: reservation.map { tags.setting(TagName.reservation, to: $0) } ?? tags, id: id, duration: duration)
  }
}

extension Ledger {
  /// Counts a usage object: as the settlement of its reservation, or as usage of its own.
  mutating func record(_ object: UsageObject, now: Moment) -> RecordOutcome {
    var tags = object.tags
    if let reservation = object.reservation { tags = tags.setting(TagName.reservation, to: reservation) }
    return record(object.spend, tags: tags, id: object.id, duration: object.duration, now: now)
  }
}

extension ReserveOutcome {
  func act(_ request: SpendRequest, ttl: Interval?, secret: UInt64, now: Moment) -> LedgerAct? {
    switch self {
    case .granted(let id, let decision, let expiresAt):
      let granted = LedgerAct.Granted(
        id: id, spend: decision.granted, outputSource: decision.outputSource,
        deadline: now.steady + (expiresAt - now.wall))
      return .reserve(tags: request.tags, spend: request.spend, ttl: ttl, secret: secret, granted: granted)
    case .denied:
      return .reserve(tags: request.tags, spend: request.spend, ttl: ttl, secret: secret, granted: nil)
    case .tableFull: return nil
    }
  }
}
