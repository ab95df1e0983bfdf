import BudgetCore
import UsageProtocol

// How what comes in is written down as acts.
extension UsageObject {
  var act: LedgerAct { .record(spend, tags: ledgerTags, id: id, duration: duration) }

  /// Its tags, the reservation that it settles among them.
  fileprivate var ledgerTags: TagSet { reservation.map { tags.setting(TagName.reservation, to: $0) } ?? tags }
}

extension Ledger {
  /// Counts a usage object: as the settlement of its reservation, or as usage of its own.
  mutating func record(_ object: UsageObject, now: Moment) -> RecordOutcome {
    record(object.spend, tags: object.ledgerTags, id: object.id, duration: object.duration, now: now)
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
