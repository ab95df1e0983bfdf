import BudgetCore
import Snapshots

/// A ledger in a class: expectations cannot look into a value that is not copyable.
final class LedgerBox {
  var ledger: Ledger
  let report: RestoreReport?

  init(settings: LedgerSettings, seed: UInt64) {
    ledger = Ledger(settings: settings, seed: seed)
    report = nil
  }

  init(_ restored: consuming RestoredLedger) {
    report = restored.report
    ledger = restored.take()
  }

  var warnings: [RestoreWarning: Int] { report?.warnings ?? [:] }

  /// Through a file and back.
  func restarted(_ settings: LedgerSettings? = nil, from captured: Moment, at now: Moment)
    throws(SnapshotError) -> LedgerBox
  {
    LedgerBox(
      try SnapshotFile.restore(
        SnapshotFile.encode(ledger.capture(now: captured)), settings: settings ?? ledger.settings,
        seed: ledger.seed &+ 1, now: now))
  }

  // MARK: What happens to it

  func run(_ act: Act, _ reservations: inout [ReservationID], now: Moment) -> String {
    act.run(on: &ledger, reservations: &reservations, now: now)
  }

  func use(_ tokens: Int64, agent: String = "a", id: String? = nil, now: Moment) {
    _ = ledger.record(
      Spend(tokens: [TokenAmount(kind: .output, count: tokens)]),
      tags: TagSet([Tag(key: "agent", value: agent), Tag(key: "user", value: "u")]), id: id, now: now)
  }

  func apply(line: String, now: Moment) { ledger.apply(line: line, now: now) }

  /// A hold of so many tokens of agent `a`.
  func hold(_ tokens: Int64, ttl: Interval = .minutes(10), now: Moment) -> ReservationID? {
    let request = SpendRequest(
      tags: TagSet([Tag(key: "agent", value: "a")]), spend: Spend(tokens: [TokenAmount(kind: .output, count: tokens)]))
    guard case .granted(let id, _, _) = ledger.reserve(request, ttl: ttl, secret: 0xFEED, now: now) else { return nil }
    return id
  }

  func settle(_ id: ReservationID, output: Int64, now: Moment) -> SettleOutcome {
    ledger.settle(id, actual: Spend(tokens: [TokenAmount(kind: .output, count: output)]), now: now)
  }

  func release(_ id: ReservationID, now: Moment) -> ReleaseOutcome { ledger.release(id, now: now) }

  func maintain(now: Moment) { ledger.maintain(now: now) }

  // MARK: What is seen of it

  func view(now: Moment) -> LedgerView { ledger.view(now: now) }

  func picture(now: Moment) -> [String] { ledger.picture(now: now) }

  /// The events told since the last call, by name.
  func told() -> [String] {
    ledger.takeEvents().compactMap(\.budgetEvent).map { "\($0.budget) \($0.kind.name) \($0.used)" }
  }

  func usage(by scope: String, in lookback: LookbackCounters.Lookback, now: Moment) -> [Int64]? {
    ledger.usage(by: scope, in: lookback, top: 9, now: now)?.map(\.tokens)
  }

  /// What an account's reader sees; `nil` when there is no such account.
  func status(_ budget: String, _ tags: KeyValuePairs<String, String> = [:], now: Moment) -> AccountStatus? {
    ledger.accountStatuses(budget: budget, where: tags.map { Tag(key: $0.key, value: $0.value) }, now: now)?
      .first { $0.index >= 0 }
  }

  var accountCount: Int { ledger.accountCount }
  var seriesCount: Int { ledger.seriesCount }
  var openReservations: Int { ledger.openReservations }
  var duplicates: Int64 { ledger.counters.duplicates }
}
