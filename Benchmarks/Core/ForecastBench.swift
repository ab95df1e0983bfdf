import BudgetCore

/// What forecasts cost: an account's look at its future, the minute's feeding, and the bytes that one keeps.
struct ForecastBench {
  private static let accounts = 2_000

  /// In nanoseconds of CPU time; each account has lived for nine days.
  func costs(rounds: Int) -> [Figure] {
    var figures: [Figure] = []
    let windows: [(String, WindowRule)] = [
      ("day", .calendar(CalendarRule(period: .day))), ("hour", .fixed(.hours(1))), ("rolling", .rolling(.hours(24))),
      ("month", .calendar(CalendarRule(period: .month))),
    ]
    for (name, window) in windows {
      var settings = LedgerSettings()
      settings.labels = []
      settings.scopes = []
      settings.budgets = [Budget(name: "b", per: ["user"], unit: .tokens, limit: 1_000_000, window: window)]
      var ledger = Ledger(settings: settings, seed: Workload.seed)
      var feeding: [Double] = []
      var minute: Int64 = 0
      while minute < 9 * 1440 {
        let now = Moment(Workload.start + .minutes(minute))
        if minute % 60 == 0 { Self.use(&ledger, now: now) }
        let start = Clock.thread.nanoseconds
        while ledger.maintainForecasts(now: now) {}
        feeding.append(Double(Clock.thread.nanoseconds - start) / Double(Self.accounts))
        minute += 10
      }
      figures.append(Figure("\(name)_feed_ns", feeding.median))
      figures.append(Figure("\(name)_forecast_ns", Self.reading(&ledger, minute: minute, rounds: rounds)))
    }
    figures.append(Figure("bytes_per_account", Double(Ledger.forecastBytes)))
    let longest = Self.longestSections()
    figures.append(Figure("longest_section_us", longest.feeding))
    figures.append(Figure("longest_account_section_us", longest.accounts))
    return figures
  }

  /// The longest that feeding, and looking for idle accounts, hold the ledger at a time, of 100,000 accounts that act on
  /// their forecasts: the 99th percentile over ten minutes of calls once a second, because others on the machine
  /// interrupt. In microseconds.
  private static func longestSections() -> (feeding: Double, accounts: Double) {
    var settings = LedgerSettings()
    settings.labels = []
    settings.scopes = []
    var budget = Budget(
      name: "b", per: ["user"], unit: .tokens, limit: 1_000_000, window: .calendar(CalendarRule(period: .hour)))
    budget.onForecast = .throttle
    settings.budgets = [budget]
    settings.bounds.maxAccounts = 200_000
    var ledger = Ledger(settings: settings, seed: Workload.seed)
    for hour in Int64(0)..<4 {
      let now = Moment(Workload.start + .minutes(hour * 60))
      use(&ledger, of: 100_000, now: now)
      while ledger.maintainForecasts(now: now) {}
    }
    var (feeding, idle): ([Double], [Double]) = ([], [])
    for second in Int64(0)..<600 {
      let now = Moment(Workload.start + .minutes(180) + .seconds(second))
      feeding += sections { ledger.maintainForecasts(now: now) }
      idle += sections { ledger.maintainAccounts(now: now) }
    }
    return (feeding.sorted()[feeding.count * 99 / 100], idle.sorted()[idle.count * 99 / 100])
  }

  /// How long each call took, in microseconds, until one says that there is no more.
  private static func sections(_ step: () -> Bool) -> [Double] {
    var times: [Double] = []
    var hasMore = true
    while hasMore {
      let start = Clock.thread.nanoseconds
      hasMore = step()
      times.append(Double(Clock.thread.nanoseconds - start) / 1e3)
    }
    return times
  }

  private static func use(_ ledger: inout Ledger, of accounts: Int = accounts, now: Moment) {
    for number in 0..<accounts {
      let tags = TagSet([Tag(key: "user", value: "u\(number)")])
      _ = ledger.record(Spend(tokens: [TokenAmount(kind: .input, count: 100)]), tags: tags, now: now)
    }
  }

  private static func reading(_ ledger: inout Ledger, minute: Int64, rounds: Int) -> Double {
    let now = Moment(Workload.start + .minutes(minute))
    var times: [Double] = []
    for _ in 0..<rounds {
      let start = Clock.thread.nanoseconds
      let forecasts = ledger.countForecasts(now: now)
      times.append(Double(Clock.thread.nanoseconds - start) / Double(accounts))
      precondition(forecasts > 0, "nothing was forecast")
    }
    return times.median
  }
}
