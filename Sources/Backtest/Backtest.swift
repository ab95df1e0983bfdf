package import BudgetCore

/// Replays a trace and holds what the ledger forecast against what then happened, beside two usual extrapolations
/// and a plain seasonal forecast.
///
/// A window is scored when a week lies behind it, something was used in it, and the account was active in at least a
/// tenth of the week's steps of ten minutes. Accounts with fewer than 20 active steps in all do not count.
package struct Backtest: Sendable {
  package enum Method: String, CaseIterable, Sendable {
    case tallygate
    case usedOverElapsed = "used/elapsed"
    case predictLinear = "predict_linear 1h"
    /// A day's shape times the recent level, and no more: see `ShapeTimesLevel`.
    case shapeTimesLevel = "shape x level alone"
  }

  package struct Options: Sendable {
    /// The limit of each account is the mean of its last seven windows, to test alerts on limits near use.
    package var limitFollowsUse = false
    /// Accounts whose course is kept, for a chart: of this budget, of any without.
    package var charted: [Tag]?
    package var chartedBudget: String?

    package init() {}
  }

  /// What was known at a step of a charted account.
  package struct Sample: Sendable {
    package var time: Int64
    /// When the window began; always the same of a rolling one.
    package var windowStart: Instant
    package var used: Double
    package var limit: Double
    package var forecast: BudgetForecast?
  }

  /// At 25, 50 and 75 % of the window.
  package private(set) var errors: [Method: [ErrorSums]] = [:]
  package private(set) var coverage = [CoverageSums](repeating: CoverageSums(), count: 3)
  /// The chance of exhaustion passed 0.8, and 0.7.
  package private(set) var likelier = AlertSums()
  package private(set) var likely = AlertSums()
  /// Use passed 90 % of the limit.
  package private(set) var nearly = AlertSums()
  package private(set) var scored = 0
  /// Windows to be scored for which there was no forecast at some checkpoint.
  package private(set) var silent = 0
  /// The courses that were asked for, in the order of their accounts' first use.
  package private(set) var charted: [(account: String, samples: [Sample])] = []
  package private(set) var accounts = 0
  package private(set) var traceSeconds: Int64 = 0

  private var watches: [AccountKey: WindowWatch] = [:]
  /// Windows wait here until it is known whether their account counts.
  private var ended: [AccountKey: [WindowWatch]] = [:]
  private let options: Options
  private var isPastWeek = false
  /// Seconds since 1970: the beginning, and up to when time has passed.
  private let first: Int64
  private var time: Int64

  private struct AccountKey: Hashable {
    var budget: String
    var unit: BudgetUnit
    var tags: [Tag]
  }

  private static let step: Int64 = 600
  private static let leastActiveSteps = 20
  static let likelyChance = 0.7
  private static let likelierChance = 0.8

  /// - Parameter progress: is told the share that is done, from time to time.
  package init(_ trace: Trace, settings: LedgerSettings, options: Options, progress: (Double) -> Void) {
    var replay = Replay(trace, settings: settings)
    let first = replay.time
    self.init(options: options, from: first)
    traceSeconds = replay.end - first
    while true {
      if replay.time % Self.step == 0 { look(&replay.ledger, now: replay.now) }
      if (replay.time - first) % 86_400 == 0 { progress(Double(replay.time - first) / Double(traceSeconds)) }
      if replay.isAtEnd { break }
      replay.advance()
    }
    finish()
  }

  /// One that is shown a ledger while it lives: see `pass`.
  /// - Parameter first: when that begins, in seconds since 1970.
  package init(options: Options, from first: Int64) {
    self.options = options
    self.first = first
    time = first
    for method in Method.allCases { errors[method] = [ErrorSums](repeating: ErrorSums(), count: 3) }
  }

  /// Lets the time up to a moment pass, with housekeeping in each minute: to be called before what happens then.
  package mutating func pass(_ ledger: inout Ledger, to moment: Moment) {
    let offset = moment.wall - moment.steady
    // A clock that was wrong by decades until it was set: nobody lived through them.
    if moment.wall.seconds.saturatingSubtract(time) > Trace.longest { time = moment.wall.seconds }
    // On full minutes; what the clocks skip backwards is not lived twice.
    var next = (time / 60 + 1) * 60
    while next <= moment.wall.seconds {
      let wall = Instant(seconds: next)
      let now = Moment(wall: wall, steady: wall - offset)
      ledger.followClock(now)
      ledger.maintain(now: now)
      if ledger.hasEvents { _ = ledger.takeEvents() }
      if next % Self.step == 0 { look(&ledger, now: now) }
      time = next
      next += 60
    }
    traceSeconds = time - first
  }

  /// Scores what was seen. Accounts that were hardly active are left out.
  package mutating func finish() {
    for (key, watch) in watches where watch.activeSteps >= Self.leastActiveSteps {
      accounts += 1
      for window in ended[key] ?? [] { score(window) }
    }
    ended = [:]
    watches = [:]
  }

  /// Counts in the windows of another trace; samples for a chart are not taken over.
  package mutating func add(_ other: Backtest) {
    for method in Method.allCases {
      for (index, sums) in (other.errors[method] ?? []).enumerated() { errors[method]?[index].add(sums) }
    }
    for (index, sums) in other.coverage.enumerated() { coverage[index].add(sums) }
    likely.add(other.likely)
    likelier.add(other.likelier)
    nearly.add(other.nearly)
    scored += other.scored
    silent += other.silent
    accounts += other.accounts
    traceSeconds += other.traceSeconds
  }

  private mutating func look(_ ledger: inout Ledger, now: Moment) {
    let time = now.wall.seconds
    isPastWeek = time - first >= 7 * 86_400
    for status in ledger.accountStatuses(now: now) {
      if let charted = options.charted, charted.allSatisfy({ status.tags.contains($0) }) { chart(status, at: time) }
      guard let end = status.resetsAt else { continue }
      let key = AccountKey(budget: status.budget.name, unit: status.budget.unit, tags: status.tags)
      var watch = watches.removeValue(forKey: key) ?? WindowWatch(status, end: end)
      watch.countStep(status.usedTotal, at: time)
      if status.windowStart != watch.start { turn(&watch, key, status, end: end, &ledger, now: now) }

      follow(&watch, status, at: time)
      watches[key] = watch
    }
  }

  private mutating func chart(_ status: AccountStatus, at time: Int64) {
    guard options.chartedBudget == nil || options.chartedBudget == status.budget.name else { return }
    let tags = status.tags.map { " \($0.key)=\($0.value)" }.joined()
    let account = "\(status.budget.name), \(status.budget.unit.name)\(tags)"
    let sample = Sample(
      time: time, windowStart: status.resetsAt == nil ? .distantPast : status.windowStart, used: Double(status.used),
      limit: status.limit.map { Double($0) } ?? .nan, forecast: status.outlook?.forecast)
    if let place = charted.firstIndex(where: { $0.account == account }) {
      charted[place].samples.append(sample)
    } else {
      charted.append((account, [sample]))
    }
  }

  private mutating func turn(
    _ watch: inout WindowWatch, _ key: AccountKey, _ status: AccountStatus, end: Instant, _ ledger: inout Ledger,
    now: Moment
  ) {
    let total = status.usedTotal - status.used - watch.totalAtStart
    watch.totals.append(total)
    if watch.totals.count > 7 { watch.totals.removeFirst() }
    watch.windows += 1
    if watch.isActive, total > 0 {
      var window = watch
      window.active = []
      window.lastHour = []
      ended[key, default: []].append(window)
    }
    watch.totalAtStart = status.usedTotal - status.used
    watch.start = status.windowStart
    watch.end = end
    watch.checkpoints = []
    (watch.likely, watch.likelier, watch.nearly, watch.exceeded) = (nil, nil, nil, nil)
    let activeSteps = watch.active.reduce(0) { $0 + ($1 ? 1 : 0) }
    watch.isActive = isPastWeek && Double(activeSteps) >= 0.1 * Double(WindowWatch.stepsInWeek)
    if options.limitFollowsUse {
      let mean = watch.totals.reduce(0, +) / Quantity(watch.totals.count)
      _ = ledger.override(
        budget: status.budget.name, unit: status.budget.unit, tags: status.tags, limit: mean, until: nil, now: now)
      watch.hasLimit = mean > 0
      watch.limit = mean
    } else {
      watch.hasLimit = true
      watch.limit = status.limit
    }
  }

  private func follow(_ watch: inout WindowWatch, _ status: AccountStatus, at time: Int64) {
    let length = watch.end.seconds - watch.start.seconds
    let passed = time - watch.start.seconds
    let (used, left) = (Double(status.used), Double(length - passed))
    if watch.checkpoints.count < 3,
      Double(passed) >= WindowWatch.shares[watch.checkpoints.count] * Double(length)
    {
      watch.checkpoints.append(
        WindowWatch.Checkpoint(
          used: used, forecast: status.outlook?.forecast, byElapsed: used * Double(length) / Double(max(1, passed)),
          byLine: used + max(0, watch.slope) * left,
          byShape: watch.shape.rest(from: time, to: watch.end.seconds).map { used + $0 }))
    }
    guard let limit = watch.limit, passed > 0 else { return }
    if status.used > limit {
      if watch.exceeded == nil { watch.exceeded = time }
      return
    }
    if watch.likely == nil, status.used < limit,
      let chance = status.outlook?.forecast?.exhaustionProbability, chance > Self.likelyChance
    {
      watch.likely = time
    }
    if watch.likelier == nil, status.used < limit,
      let chance = status.outlook?.forecast?.exhaustionProbability, chance > Self.likelierChance
    {
      watch.likelier = time
    }
    if watch.nearly == nil, used > 0.9 * Double(limit) { watch.nearly = time }
  }

  private mutating func score(_ window: WindowWatch) {
    guard let newest = window.totals.last, window.checkpoints.count == 3 else { return }
    scored += 1
    let total = Double(newest)
    let isSilent = window.checkpoints.contains { $0.forecast == nil }
    if isSilent { silent += 1 }
    for (index, checkpoint) in window.checkpoints.enumerated() {
      errors[.usedOverElapsed]?[index].add(forecast: checkpoint.byElapsed, total: total)
      errors[.predictLinear]?[index].add(forecast: checkpoint.byLine, total: total)
      if let byShape = checkpoint.byShape { errors[.shapeTimesLevel]?[index].add(forecast: byShape, total: total) }
      guard let forecast = checkpoint.forecast else { continue }
      errors[.tallygate]?[index].add(forecast: forecast.expected, total: total)
      coverage[index].add(
        inside80: (forecast.lower80...forecast.upper80).contains(total),
        inside95: (forecast.lower95...forecast.upper95).contains(total))
    }
    if window.hasLimit {
      likely.add(fired: window.likely, exceeded: window.exceeded)
      likelier.add(fired: window.likelier, exceeded: window.exceeded)
      nearly.add(fired: window.nearly, exceeded: window.exceeded)
    }
  }
}
