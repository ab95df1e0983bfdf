package import BudgetCore
package import UsageProtocol

// Jobs, and the scores of calls.
extension SharedLedger {
  package func declareJob(_ name: String, items: Int64) -> DeclareOutcome {
    act { ledger, now in (ledger.declareJob(name, items: items, now: now), .declareJob(name, items: items)) }
  }

  package func job(_ name: String) -> JobProgress? { section { ledger, now in ledger.job(name, now: now) } }

  package func jobs() -> [JobProgress] { section { ledger, _ in ledger.jobs() } }

  /// Counts objects, with the score of the call among them that stands out most; `nil` when none could be scored.
  package func recordScored(_ objects: [UsageObject]) -> (outcome: [RecordOutcome], highest: CallScore?) {
    acts { ledger, now in
      (ledger.scoring { ledger in objects.map { ledger.record($0, now: now) } }, objects.map(\.act))
    }
  }

  /// Settles, with the call's score; `nil` for one that could not be scored or was settled before.
  package func settleScored(_ id: ReservationID, actual: Spend?) -> (outcome: SettleOutcome, highest: CallScore?) {
    act { ledger, now in
      let scored = ledger.scoring { $0.settle(id, actual: actual, now: now) }
      guard case .settled(_, isRepeat: false) = scored.outcome else { return (scored, nil) }
      return (scored, .settle(id, actual: actual))
    }
  }
}
