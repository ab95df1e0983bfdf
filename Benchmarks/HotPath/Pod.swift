import BudgetCore

/// What comes in, and what it is counted against: each line with five tags, budgets whose limit is never reached.
enum Pod {
  private static let models = ["gpt-4o", "claude-sonnet-5", "gemini-2.5-pro", "mistral-large-latest"]
  private static let datagramSize = 1400

  /// One line for each series, packed into datagrams.
  static func datagrams(series: Int) -> [[UInt8]] {
    var datagrams: [[UInt8]] = []
    var current: [UInt8] = []
    for number in 0..<series {
      let line = Array(line(number).utf8)
      if !current.isEmpty, current.count + 1 + line.count > datagramSize {
        datagrams.append(current)
        current = []
      }
      if !current.isEmpty { current.append(UInt8(ascii: "\n")) }
      current += line
    }
    datagrams.append(current)
    return datagrams
  }

  private static func line(_ number: Int) -> String {
    let tags = tags(number).map { "\($0.key):\($0.value)" }.joined(separator: ",")
    return "tokens:\(700 + number % 1000)|c|#\(tags),kind:\(number % 2 == 0 ? "input" : "output")"
  }

  /// Of the calls that a series counts tokens of.
  static func tags(_ number: Int) -> [Tag] {
    let (user, agent) = (number / 8).quotientAndRemainder(dividingBy: 50)
    return [
      Tag(key: "agent", value: "a\(agent)"), Tag(key: "user", value: "u\(user)"),
      Tag(key: "model", value: models[number / 2 % 4]),
    ]
  }

  static func settings(matching: Int, other: Int, series: Int) -> LedgerSettings {
    var settings = LedgerSettings()
    settings.prices = .builtIn
    settings.bounds.maxSeries = max(settings.bounds.maxSeries, series)
    let never: Quantity = 1_000_000_000_000_000
    let budgets = [
      Budget(
        name: "agent-day", per: ["agent"], unit: .tokens, limit: never, window: .calendar(CalendarRule(period: .day))),
      Budget(name: "user-rolling", per: ["user"], unit: .tokens, limit: never, window: .rolling(.hours(24))),
      Budget(
        name: "org-month", unit: .cost, limit: never * 1_000_000,
        window: .calendar(CalendarRule(period: .month))),
      Budget(name: "model-hour", per: ["model"], unit: .tokens, limit: never, window: .fixed(.hours(1))),
      Budget(name: "org-rolling", unit: .tokens, limit: never, window: .rolling(.hours(1))),
    ]
    settings.budgets = Array(budgets.prefix(matching))
    for number in 0..<other {
      settings.budgets.append(
        Budget(
          name: "other-\(number)", match: [TagPattern(key: "agent", glob: "another-\(number)")], unit: .tokens,
          limit: never,
          window: .calendar(CalendarRule(period: .day))))
    }
    return settings
  }
}
