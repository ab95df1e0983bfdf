import Foundation
import Testing

@testable import BudgetCore

/// Compares with the independent implementation in Python's standard library.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/python3")))
struct ZoneComparisonTests {
  @Test("offsets of every zone agree with Python's zoneinfo from 1900 to 2100")
  func offsets() throws {
    let random = ZoneRandom("instants of all zones")
    let lines = try pythonLines(
      """
      import random, sys
      from datetime import datetime, timezone, timedelta
      from zoneinfo import ZoneInfo, available_timezones
      random.seed(int(sys.argv[1]))
      epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
      low, high = -2208988800, 4102444800
      for name in sorted(available_timezones()):
          if name == "localtime": continue
          zone = ZoneInfo(name)
          def offset(t): return int((epoch + timedelta(seconds=t)).astimezone(zone).utcoffset().total_seconds())
          points = [random.randint(low, high) for _ in range(40)]
          for _ in range(12):
              # One change inside a random stretch, to the second.
              a = random.randint(low, high); b = a + 15552000
              if offset(a) == offset(b): continue
              o = offset(a)
              while b - a > 1:
                  m = (a + b) // 2
                  if offset(m) == o: a = m
                  else: b = m
              points += [a, b]
          for t in points: print(name, t, offset(t))
      """, arguments: [String(random.seed)])
    var zones: [Substring: TimeZoneRules] = [:]
    var wrong = 0
    for line in lines {
      let fields = line.split(separator: " ")
      let rules = try zones[fields[0]] ?? zoneRules(String(fields[0]))
      zones[fields[0]] = rules
      let instant = try #require(Int64(fields[1]))
      if rules.offset(at: instant) != Int32(fields[2]) {
        wrong += 1
        if wrong < 10 { Issue.record("\(line), got \(rules.offset(at: instant)); seed \(random.seed)") }
      }
    }
    #expect(wrong == 0)
    #expect(zones.count > 400 && lines.count > 20_000)
  }

  @Test("day starts agree with Python's zoneinfo from 2024 to 2030", arguments: [0, 9000, 21_600] as [Int32])
  func dayStarts(startOfDay: Int32) throws {
    let lines = try pythonLines(
      """
      import sys
      from datetime import datetime, timezone, timedelta
      from zoneinfo import ZoneInfo
      start = timedelta(seconds=int(sys.argv[1]))
      for name in sys.argv[2:]:
          zone = ZoneInfo(name)
          day = datetime(2024, 1, 1)
          while day.year < 2031:
              wall = day + start
              first = int(wall.replace(tzinfo=zone, fold=0).timestamp())
              second = int(wall.replace(tzinfo=zone, fold=1).timestamp())
              if second < first:
                  # The wall time does not exist: look for the change between the two readings.
                  def shown(t): return datetime.fromtimestamp(t, zone).replace(tzinfo=None)
                  low, high = second, first
                  while high - low > 1:
                      middle = (low + high) // 2
                      if shown(middle) >= wall: high = middle
                      else: low = middle
                  first = low if shown(low) >= wall else high
              print(name, first)
              day += timedelta(days=1)
      """, arguments: [String(startOfDay)] + demandingZones)
    #expect(lines.count == 2557 * demandingZones.count)
    var rules: [Substring: CalendarRule] = [:]
    var previous: (zone: Substring, end: Instant)?
    for line in lines {
      let fields = line.split(separator: " ")
      let rule =
        try rules[fields[0]]
        ?? CalendarRule(
          period: .day, zoneName: String(fields[0]), zone: zoneRules(String(fields[0])), startOfDay: startOfDay)
      rules[fields[0]] = rule
      let start = Instant(seconds: try #require(Int64(fields[1])))
      let period = rule.period(containing: start)
      if period.start != start { Issue.record("\(line): the day starts at \(period.start.seconds)") }
      if let previous, previous.zone == fields[0], previous.end != start {
        Issue.record("\(line): the day before ends at \(previous.end.seconds)")
      }
      previous = (fields[0], period.end)
    }
  }
}
