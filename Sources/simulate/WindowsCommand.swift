import ArgumentParser
import BudgetCore
import Configuration
import NaiveLedger

/// `simulate windows`: random instants in random zones, and what must hold of the calendar period around each.
struct WindowsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "windows",
    abstract: "Check calendar windows at random instants in every time zone.",
    discussion: """
      For each case: the period contains the instant; its end is the next one's start and its start the end of the \
      one before; both edges belong to the periods that they say; it is no shorter than its kind can be. Half of \
      the instants lie within three hours of a change of the zone's clocks, from 2024 to 2030.

      Example:
        simulate windows --cases 1000000 --seed 1
      """)

  @Option(help: "How many cases.")
  var cases = 1_000_000

  @Option(help: "The seed of the cases.")
  var seed: UInt64 = 1

  private static let first: Int64 = 1_704_067_200
  private static let last: Int64 = 1_924_991_999

  func run() throws {
    let zones = Self.zones()
    guard zones.count > 300 else {
      throw ValidationError("Only \(zones.count) time zones were found: install tzdata.")
    }
    var random = SplitMix(seed: seed)
    var broken = 0
    for number in 0..<cases {
      let zone = random.pick(zones)
      let rule = CalendarRule(
        period: random.pick(CalendarRule.Period.allCases), zoneName: zone.name, zone: zone.rules,
        startOfDay: random.chance(50) ? 0 : Int32(random.int(0...86_399)), firstWeekday: UInt8(random.int(1...7)))
      let instant = Self.instant(in: zone, using: &random)
      if let problem = Self.problem(rule, at: instant) {
        broken += 1
        print(
          "case \(number): \(zone.name) \(rule.period.rawValue) from \(rule.startOfDay) at \(instant.rfc3339): \(problem)"
        )
        if broken >= 10 { break }
      }
    }
    let changes = zones.reduce(0) { $0 + $1.changes.count }
    print("\(cases) cases in \(zones.count) zones with \(changes) changes of their clocks from 2024 to 2030")
    print("\(cases - broken) passed, \(broken) failed")
    guard broken == 0 else { throw ExitCode(1) }
  }

  private struct Zone {
    var name: String
    var rules: TimeZoneRules
    /// The hours at which the offset differs from the hour before.
    var changes: [Int64]
  }

  private static func zones() -> [Zone] {
    let directory = ZoneDirectory.system()
    return ZoneNames.all().compactMap { name in
      guard let rules = try? directory.rules(named: name) else { return nil }
      var changes: [Int64] = []
      for hour in stride(from: first, to: last, by: 3600) where rules.offset(at: hour) != rules.offset(at: hour - 3600)
      {
        changes.append(hour)
      }
      return Zone(name: name, rules: rules, changes: changes)
    }
  }

  private static func instant(in zone: Zone, using random: inout SplitMix) -> Instant {
    let base = zone.changes.isEmpty || random.chance(50) ? random.int(first...last) : random.pick(zone.changes)
    return Instant(nanoseconds: (base + random.int(-10_800...10_800)) * 1_000_000_000 + random.int(0...999_999_999))
  }

  private static func problem(_ rule: CalendarRule, at instant: Instant) -> String? {
    let (start, end) = rule.period(containing: instant)
    guard start <= instant, instant < end else { return "not within \(start.rfc3339) to \(end.rfc3339)" }
    let tick = Interval(nanoseconds: 1)
    let after = rule.period(containing: end)
    guard after.start == end else { return "the next starts at \(after.start.rfc3339), not at \(end.rfc3339)" }
    let before = rule.period(containing: start - tick)
    guard before.end == start else { return "the one before ends at \(before.end.rfc3339), not at \(start.rfc3339)" }
    guard rule.period(containing: start) == (start, end), rule.period(containing: end - tick) == (start, end) else {
      return "its edges belong to other periods"
    }
    let shortest = shortest(rule.period)
    guard end - start >= shortest else { return "only \(DurationText.text(end - start)) long" }
    return nil
  }

  /// As short as a period can be where the clock is set forward: by an hour, in Antarctica/Troll by two.
  private static func shortest(_ period: CalendarRule.Period) -> Interval {
    switch period {
    case .hour: .hours(1)
    case .day: .hours(22)
    case .week: .hours(7 * 24 - 2)
    case .month: .hours(28 * 24 - 2)
    case .quarter: .hours(90 * 24 - 2)
    case .year: .hours(365 * 24 - 2)
    }
  }
}
