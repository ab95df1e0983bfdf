import Testing

@testable import BudgetCore

@Suite("Feeding forecasts a few at a time")
struct ForecastRoundTests {
  private static func minute(_ second: Int64) -> Int64 { second / 60 }

  @Test(
    "looked at once a second, every account is fed once a minute and no call feeds many", arguments: [1, 700, 20_000])
  func everySecond(limit: Int) {
    var rounds = ForecastRounds()
    var fed = [Int](repeating: 0, count: limit)
    var longest = 0
    // The first call too feeds no more than others, whenever on the steady clock it comes.
    let start: Int64 = 6_000_000
    for second in start..<start + 360 {
      var inSecond = 0
      var hasMore = true
      while hasMore {
        let next = rounds.next(of: limit, minute: Self.minute(second), Instant(seconds: second))
        for place in next.range { fed[place] += 1 }
        inSecond += next.range.count
        hasMore = next.hasMore
        #expect(next.range.count <= ForecastRounds.most)
      }
      longest = max(longest, inSecond)
    }
    #expect(fed.allSatisfy { $0 == 6 })
    #expect(longest <= max(ForecastRounds.most, limit / 50 + 1))
  }

  @Test("looked at seldom, everything that is due is fed at once")
  func seldom() {
    var rounds = ForecastRounds()
    var fed = [Int](repeating: 0, count: 3000)
    for minute in stride(from: Int64(0), to: 100, by: 10) {
      var hasMore = true
      while hasMore {
        let next = rounds.next(of: 3000, minute: minute, Instant(seconds: minute * 60))
        for place in next.range { fed[place] += 1 }
        hasMore = next.hasMore
      }
    }
    #expect(fed.allSatisfy { $0 == 10 })
  }

  @Test("an account that was used in one minute only has no forecast to keep, and one more use makes one")
  func usedOnce() {
    var ledger = makeLedger([.test(limit: 1000, per: ["agent"], window: .calendar(CalendarRule(period: .day)))])
    ledger.maintain(now: after(0))
    ledger.line(.tokens, 10, "agent:a", at: after(61))
    ledger.line(.tokens, 10, "agent:b", at: after(62))
    for minute in 2..<30 { ledger.maintain(now: after(Int64(minute) * 60)) }
    let once = ledger.forecasts.count
    ledger.line(.tokens, 30, "agent:b", at: after(1800))
    ledger.maintain(now: after(1801))
    let twice = ledger.forecasts.count
    let rate = ledger.accountStatuses(now: after(1802)).last?.outlook?.burnRates[.hour] ?? 0
    #expect(once == 0 && twice == 1)
    #expect(abs(rate / (40 * 24 / 1000) - 1) < 0.05)
  }

  @Test("the account of a place that another had does not inherit its minute")
  func marks() {
    var table = ForecastTable(expecting: 10)
    table.mark(3, .usedOnce(minute: 28_000_000, isNew: true))
    guard case .usedOnce(28_000_000, true) = table.entry(3), case .none = table.entry(2) else {
      Issue.record("the mark reads otherwise than it was written")
      return
    }
    table.mark(3, .unlimited)
    guard case .unlimited = table.entry(3) else {
      Issue.record("the mark of an account without a limit is lost")
      return
    }
    table.remove(3)
    guard case .none = table.entry(3) else {
      Issue.record("a removed mark is still there")
      return
    }
  }
}
