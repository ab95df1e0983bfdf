import Testing

@testable import BudgetCore

@Suite struct CalendarPeriodTests {
  struct Case: Sendable {
    let period: CalendarRule.Period
    let zone: String
    var startOfDay: Int32 = 0
    var firstWeekday: UInt8 = 1
    /// UTC.
    let instant: Int64
    let start: Int64
    let hours: Double
  }

  static let cases = [
    // 23, 24 and 25 hours.
    Case(
      period: .day, zone: "Europe/Berlin", instant: wall(2025, 3, 30, 12), start: wall(2025, 3, 29, 23), hours: 23),
    Case(
      period: .day, zone: "Europe/Berlin", instant: wall(2025, 3, 31, 12), start: wall(2025, 3, 30, 22), hours: 24),
    Case(
      period: .day, zone: "Europe/Berlin", instant: wall(2025, 10, 26, 12), start: wall(2025, 10, 25, 22), hours: 25),
    // Half an hour, and two.
    Case(
      period: .day, zone: "Australia/Lord_Howe", instant: wall(2025, 10, 5), start: wall(2025, 10, 4, 13, 30),
      hours: 23.5),
    Case(
      period: .day, zone: "Antarctica/Troll", instant: wall(2025, 3, 30, 12), start: wall(2025, 3, 30), hours: 22),
    Case(
      period: .day, zone: "Antarctica/Troll", instant: wall(2025, 10, 26, 12), start: wall(2025, 10, 25, 22), hours: 26),
    // Midnight does not exist: the day starts at 01:00.
    Case(
      period: .day, zone: "Africa/Cairo", instant: wall(2025, 4, 25, 12), start: wall(2025, 4, 24, 22), hours: 23),
    Case(
      period: .day, zone: "America/Sao_Paulo", instant: wall(2018, 11, 4, 12), start: wall(2018, 11, 4, 3), hours: 23),
    // The hour before midnight comes twice: a long day.
    Case(
      period: .day, zone: "America/Sao_Paulo", instant: wall(2018, 2, 17, 12), start: wall(2018, 2, 17, 2), hours: 25),
    // Clocks went back at 00:01, so midnight came twice: the day starts at the first.
    Case(
      period: .day, zone: "America/St_Johns", instant: wall(2010, 11, 7, 2, 35), start: wall(2010, 11, 7, 2, 30),
      hours: 25),
    // Apia left December 30 out: December 29 is followed by December 31.
    Case(
      period: .day, zone: "Pacific/Apia", instant: wall(2011, 12, 30, 9), start: wall(2011, 12, 29, 10), hours: 24),
    Case(
      period: .day, zone: "Pacific/Apia", instant: wall(2011, 12, 30, 10), start: wall(2011, 12, 30, 10), hours: 24),
    // A start that the clock skips or repeats: 02:30 in Berlin.
    Case(
      period: .day, zone: "Europe/Berlin", startOfDay: 9000, instant: wall(2025, 3, 30, 12),
      start: wall(2025, 3, 30, 1), hours: 23.5),
    Case(
      period: .day, zone: "Europe/Berlin", startOfDay: 9000, instant: wall(2025, 10, 26, 1, 15),
      start: wall(2025, 10, 26, 0, 30), hours: 25),
    Case(
      period: .day, zone: "Asia/Kolkata", startOfDay: 21_600, instant: wall(2025, 6, 1),
      start: wall(2025, 5, 31, 0, 30),
      hours: 24),
    // Longer periods.
    Case(period: .week, zone: "UTC", instant: wall(2025, 6, 1), start: wall(2025, 5, 26), hours: 168),
    Case(
      period: .week, zone: "UTC", firstWeekday: 7, instant: wall(2025, 6, 1), start: wall(2025, 6, 1), hours: 168),
    Case(
      period: .week, zone: "Europe/Berlin", instant: wall(2025, 3, 30, 12), start: wall(2025, 3, 23, 23), hours: 167),
    Case(period: .month, zone: "UTC", instant: wall(2024, 2, 29, 23), start: wall(2024, 2, 1), hours: 696),
    Case(
      period: .month, zone: "America/New_York", startOfDay: 21_600, instant: wall(2025, 12, 1, 10, 59),
      start: wall(2025, 11, 1, 10), hours: 721),
    Case(period: .quarter, zone: "UTC", instant: wall(2025, 6, 30, 23), start: wall(2025, 4, 1), hours: 2184),
    Case(period: .quarter, zone: "UTC", instant: wall(2025, 12, 31), start: wall(2025, 10, 1), hours: 2208),
    Case(period: .year, zone: "Asia/Tehran", instant: wall(2024, 6, 1), start: wall(2023, 12, 31, 20, 30), hours: 8784),
    Case(period: .day, zone: "UTC", instant: -1, start: -86_400, hours: 24),
    // Hours: the repeated one is an hour of its own; a shift of 30 minutes makes one of 90.
    Case(
      period: .hour, zone: "Europe/Berlin", instant: wall(2025, 10, 26, 1, 15), start: wall(2025, 10, 26, 1), hours: 1),
    Case(
      period: .hour, zone: "Asia/Kolkata", instant: wall(2025, 6, 1, 0, 29), start: wall(2025, 5, 31, 23, 30), hours: 1),
    Case(
      period: .hour, zone: "Australia/Lord_Howe", instant: wall(2025, 10, 4, 15, 59), start: wall(2025, 10, 4, 14, 30),
      hours: 1.5),
    Case(
      period: .hour, zone: "Australia/Lord_Howe", instant: wall(2025, 4, 5, 15, 10), start: wall(2025, 4, 5, 14),
      hours: 1.5),
  ]

  @Test("a period starts and ends where the local calendar says", arguments: cases)
  func table(example: Case) throws {
    let rule = CalendarRule(
      period: example.period, zoneName: example.zone, zone: try zoneRules(example.zone),
      startOfDay: example.startOfDay, firstWeekday: example.firstWeekday)
    let period = rule.period(containing: Instant(seconds: example.instant))
    #expect(period.start.seconds == example.start)
    #expect((period.end - period.start).inSeconds == example.hours * 3600)
  }

  @Test("periods tile 2024 to 2030 in every zone", arguments: demandingZones)
  func tiling(zone: String) throws {
    let rules = try zoneRules(zone)
    for period in CalendarRule.Period.allCases {
      for startOfDay: Int32 in period == .hour ? [0] : [0, 9000, 86_399] {
        let rule = CalendarRule(
          period: period, zoneName: zone, zone: rules, startOfDay: startOfDay, firstWeekday: 7)
        var current = rule.period(containing: Instant(seconds: wall(2024, 1, 1)))
        while current.start.seconds < wall(2031, 1, 1) {
          let lastMoment = Instant(nanoseconds: current.end.nanoseconds - 1)
          let next = rule.period(containing: current.end)
          guard current.start < current.end, rule.period(containing: current.start) == current,
            rule.period(containing: lastMoment) == current, next.start == current.end,
            period != .hour || current.end - current.start >= .hours(1),
            period != .day || current.end - current.start >= .hours(22)
          else {
            Issue.record("\(zone) \(period) \(startOfDay): \(current) and then \(next)")
            return
          }
          current = next
        }
      }
    }
  }

  @Test("the two hours on either side of a transition lie in adjoining periods", arguments: demandingZones)
  func transitions(zone: String) throws {
    let rules = try zoneRules(zone)
    var instant = wall(2024, 1, 1)
    while true {
      let stretch = rules.stretch(at: instant)
      guard stretch.end < wall(2031, 1, 1) else { break }
      for period in CalendarRule.Period.allCases {
        let rule = CalendarRule(period: period, zoneName: zone, zone: rules)
        var last = rule.period(containing: Instant(seconds: stretch.end - 7200))
        let minutes = stride(from: stretch.end - 7200, through: stretch.end + 7200, by: 60)
        for second in (Array(minutes) + Array((stretch.end - 5)...(stretch.end + 5))).sorted() {
          let current = rule.period(containing: Instant(seconds: second))
          let moved = current == last || current.start == last.end
          guard moved, current.start.seconds <= second, second < current.end.seconds else {
            Issue.record("\(zone) \(period) at \(second): \(current) after \(last)")
            return
          }
          last = current
        }
      }
      instant = stretch.end
    }
  }

  @Test("periods tile time in zones that no one would legislate")
  func absurdZones() {
    var random = ZoneRandom("absurd zones")
    for _ in 0..<300 {
      var transitions: [Int64] = []
      var offsets: [Int32] = []
      var time = wall(2025, 1, 1)
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        time += Int64.random(in: 1...200_000, using: &random)
        transitions.append(time)
        offsets.append(Int32.random(in: -93_600...93_600, using: &random))
      }
      let zone = TimeZoneRules(firstOffset: 0, transitions: transitions, offsets: offsets, footer: nil)
      for period in CalendarRule.Period.allCases {
        let rule = CalendarRule(
          period: period, zoneName: "absurd", zone: zone, startOfDay: Int32.random(in: 0..<86_400, using: &random),
          firstWeekday: UInt8.random(in: 1...7, using: &random))
        for _ in 0..<30 {
          let instant = Instant(seconds: Int64.random(in: wall(2024, 12, 30)...(time + 200_000), using: &random))
          let current = rule.period(containing: instant)
          let next = rule.period(containing: current.end)
          let last = rule.period(containing: Instant(nanoseconds: current.end.nanoseconds - 1))
          #expect(
            current.start <= instant && instant < current.end && next.start == current.end && last == current,
            "seed \(random.seed), \(rule.period)")
        }
      }
    }
  }
}
