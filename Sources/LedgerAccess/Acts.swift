import BudgetCore
import UsageProtocol

// How what comes in is written down as acts.
extension UsageObject {
  /// As the settlement of its reservation, or as usage of its own.
  var act: LedgerAct {
    .record(
      spend, tags: reservation.map { tags.setting(TagName.reservation, to: $0) } ?? tags, id: id, duration: duration)
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
  func act(tags: TagSet, now: Moment) -> LedgerAct? {
    switch self {
    case .granted(let id, let decision, let expiresAt):
      let granted = LedgerAct.Granted(
        id: id, outputSource: decision.outputSource, deadline: now.steady + (expiresAt - now.wall))
      return .reserve(tags: tags, spend: decision.granted, granted: granted)
    case .denied(let decision): return .reserve(tags: tags, spend: decision.granted, granted: nil)
    case .tableFull: return nil
    }
  }
}
