package import BudgetCore

/// One random history, from a seed: the same acts on the core and on the naive ledger, which must agree on every
/// number after each of them.
///
/// A third of the callers is honest: every use is reserved with an estimate that is not too low, and settled in
/// time. Then `used + reserved <= limit` must hold too.
package struct History: ~Copyable {
  /// What happened, to see that a run left nothing untried.
  package struct Tally: Sendable {
    package var granted = 0
    package var reduced = 0
    package var denied = 0
    package var late = 0
    package var acts = 0
    package var waits = 0

    package init() {}

    package static func += (left: inout Tally, right: Tally) {
      left.granted += right.granted
      left.reduced += right.reduced
      left.denied += right.denied
      left.late += right.late
      left.acts += right.acts
      left.waits += right.waits
    }

    package var description: String {
      "\(granted) granted, \(reduced) of them less than asked, \(denied) denied, \(late) settled late, "
        + "\(waits) waits foretold, \(acts) acts of operators"
    }
  }

  /// Puts the core through a restart; `nil` leaves restarts out.
  package typealias Restart = (inout Ledger, Moment) -> Void

  var random: SplitMix
  let isHonest: Bool
  let pace: Pace
  let budgets: [NaiveBudget]
  var ledger: Ledger
  var naive: NaiveLedger
  /// The core's names of the naive reservations, by their number.
  var ids: [ReservationID] = []
  /// Nanoseconds since the epoch, on both clocks.
  var now: Int64
  package var tally = Tally()
  var complaints: [String] = []
  private let restart: Restart?

  package init(seed: UInt64, restart: Restart? = nil) {
    random = SplitMix(seed: seed)
    isHonest = random.chance(33)
    pace = random.chance(50) ? .slow : .quick
    budgets = NaiveBudget.some(at: pace, using: &random)
    now = Self.start(budgets, using: &random)
    var settings = LedgerSettings()
    settings.budgets = budgets.map(\.rule)
    settings.prices = NaivePrices.table
    ledger = Ledger(settings: settings, seed: random.next())
    naive = NaiveLedger(budgets)
    self.restart = restart
  }

  var moment: Moment { Moment(Instant(nanoseconds: now)) }

  /// Often shortly before the clocks of some budget's zone change.
  private static func start(_ budgets: [NaiveBudget], using random: inout SplitMix) -> Int64 {
    let changes = budgets.flatMap { $0.calendar?.zone.changes ?? [] }.map(\.at).filter { $0 < 1_790_000_000 }
    let second =
      changes.isEmpty || random.chance(40)
      ? random.int(1_740_000_000...1_790_000_000) : random.pick(changes) - random.int(0...172_800)
    return second * 1_000_000_000 + random.int(0...999_999_999)
  }

  /// Runs so many acts; what differed first, as sentences: empty when nothing did.
  package mutating func run(steps: Int, tracing: Bool = false) -> [String] {
    for step in 0..<steps {
      now += random.int(0...(random.chance(12) ? pace.longStep : pace.step))
      naive.advance(to: now)
      let act = self.act()
      if tracing { print("\(step) \(moment.wall.rfc3339) \(act)") }
      compare()
      complaints += ledger.checkInvariants()
      if !complaints.isEmpty { return complaints.map { "step \(step), \(act): \($0)" } }
    }
    return []
  }

  private mutating func act() -> String {
    switch random.int(1...100) {
    case ...38: return reserve()
    case ...62: return settle()
    case ...68: return release()
    case ...72:
      ledger.maintain(now: moment)
      naive.maintain(now: now)
      return "maintain"
    case ...75:
      restart?(&ledger, moment)
      return restart == nil ? "wait" : "restart"
    case ...83: return isHonest ? "wait" : record()
    case ...91: return isHonest ? "wait" : line()
    default: return isHonest ? "wait" : operate()
    }
  }

  // MARK: What must agree

  private mutating func compare() {
    naive.advance(to: now)
    var seen: Set<NaiveAccount.Key> = []
    var totals = [Quantity](repeating: 0, count: budgets.count)
    for status in ledger.accountStatuses(now: moment) {
      let budget = budgets.firstIndex { $0.rule.name == status.budget.name }!
      totals[budget] += status.usedTotal
      let key = NaiveAccount.Key(budget: budget, values: status.tags.map(\.value))
      let isOverflow = !key.values.isEmpty && key.values.allSatisfy { $0 == "__other__" }
      guard !isOverflow else { continue }
      seen.insert(key)
      compare(status, with: key)
    }
    for (key, account) in naive.accounts where !seen.contains(key) {
      if account.reserved > 0 || account.used(at: now) > 0 { complaints.append("there is no account \(key)") }
    }
    for index in budgets.indices where totals[index] != naive.usedTotal(budget: index) {
      complaints.append("b\(index) used \(totals[index]) in all, not \(naive.usedTotal(budget: index))")
    }
  }

  private mutating func compare(_ status: AccountStatus, with key: NaiveAccount.Key) {
    let (used, reserved) = naive.accounts[key].map { ($0.used(at: now), $0.reserved) } ?? (0, 0)
    let limit = naive.limit(key, now: now)
    let end = budgets[key.budget].period(at: now)?.end
    if status.used != used || status.reserved != reserved || status.limit != limit
      || status.resetsAt?.nanoseconds != end
    {
      complaints.append(
        "b\(key.budget) \(key.values) has \(status.used) + \(status.reserved) of \(status.limit ?? -1) until "
          + "\(status.resetsAt?.nanoseconds ?? -1), not \(used) + \(reserved) of \(limit ?? -1) until \(end ?? -1)")
    }
    let rule = budgets[key.budget].rule
    guard isHonest, rule.mode == .enforce, rule.rollover == nil, let limit = status.limit else { return }
    if status.used + status.reserved > limit {
      complaints.append("b\(key.budget) \(key.values) has \(status.used) + \(status.reserved) of \(limit)")
    }
  }
}
