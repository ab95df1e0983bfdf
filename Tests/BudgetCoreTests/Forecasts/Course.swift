import Testing

@testable import BudgetCore

/// A ledger with one account, lived through in steps of ten minutes from a Monday's midnight.
struct Course: ~Copyable {
  var ledger: Ledger
  private(set) var minute: Int64 = 0

  /// 2024-01-01, a Monday.
  static let origin = Instant(seconds: 1_704_067_200)

  init(limit: Quantity = 1_000_000, window: WindowRule = .calendar(CalendarRule(period: .day))) {
    self.init(.test(limit: limit, window: window, mode: .shadow))
  }

  init(_ budget: Budget) { ledger = makeLedger([budget]) }

  var now: Moment { Moment(Self.origin + .minutes(minute)) }

  /// Lives on for some minutes; `use` is told the minutes since the beginning at each ten of them.
  mutating func live(_ minutes: Int64, _ use: (Int64) -> Int64) {
    let end = minute + minutes
    while minute < end {
      ledger.maintain(now: now)
      let tokens = use(minute)
      if tokens > 0 { ledger.line(.tokens, tokens, "agent:a", at: now) }
      minute += 10
    }
    ledger.maintain(now: now)
  }

  mutating func use(_ tokens: Int64) { ledger.line(.tokens, tokens, "agent:a", at: now) }

  /// Minutes pass in which housekeeping looks.
  mutating func wait(_ minutes: Int64) {
    for _ in 0..<minutes {
      minute += 1
      ledger.maintain(now: now)
    }
  }

  /// Reserves 1,000 tokens, and says what the next one would be told.
  mutating func ask(_ priority: Priority = .normal) -> Decision {
    var request = SpendRequest(tags: tags(["agent": "a"]), spend: tokens(1000))
    request.priority = priority
    _ = ledger.reserve(request, ttl: nil, secret: 1, now: now)
    return ledger.check(request, now: now)
  }

  /// Nobody looks for some minutes.
  mutating func skip(_ minutes: Int64) { minute += minutes }

  mutating func status() -> AccountStatus? { ledger.accountStatuses(now: now).first }

  mutating func forecast() -> BudgetForecast? { status()?.outlook?.forecast }

  mutating func burnRate(_ lookback: BurnLookback) -> Double? { status()?.outlook?.burnRates[lookback] }

  mutating func chance(limit: Quantity) -> Double {
    _ = ledger.override(budget: "b", unit: nil, tags: [], limit: limit, until: nil, now: now)
    return forecast()?.exhaustionProbability ?? -1
  }
}

/// A day of 48,000 tokens, nearly all of it from 9 to 17 o'clock.
func workday(_ minute: Int64) -> Int64 {
  let hour = minute / 60 % 24
  return (9..<17).contains(hour) ? 960 : 20
}

let workdayTotal = 48.0 * 960 + 96 * 20
