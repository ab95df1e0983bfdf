import Testing

@testable import BudgetCore

/// Every kind of window that is forecast.
private let windows: [WindowRule] = [
  .fixed(.hours(1)), .calendar(CalendarRule(period: .hour)), .rolling(.hours(1)), .fixed(.hours(6)),
  .calendar(CalendarRule(period: .day)), .rolling(.hours(24)), .calendar(CalendarRule(period: .week)),
  .rolling(.days(7)), .calendar(CalendarRule(period: .month)), .rolling(.days(30)),
]

private let levels: [any KeyPath<BudgetForecast, Double> & Sendable] = [
  \.lower95, \.lower80, \.expected, \.upper80, \.upper95,
]

@Suite("Forecasts of every kind of window")
struct EveryWindowTests {
  /// 33 days and some hours of use that is uneven, and the same for the same seed.
  private static func course(_ window: WindowRule, seed: UInt64, factor: Int64 = 1, limit: Quantity = .max / 8)
    -> Course
  {
    var random = SeededRandom(seed: seed)
    var course = Course(limit: limit, window: window)
    course.live(33 * 1440 + 650) { factor * (workday($0) + Int64(random.next() % 800)) }
    return course
  }

  @Test("even use is forecast within a twentieth", arguments: windows)
  func even(window: WindowRule) throws {
    var course = Course(limit: .max / 8, window: window)
    course.live(33 * 1440 + 650) { _ in 600 }
    let status = course.status()
    let forecast = try #require(status?.outlook?.forecast)
    let length: Double
    switch window {
    case .rolling(let interval), .fixed(let interval): length = interval.inSeconds
    case .calendar: length = ((status?.resetsAt ?? .distantPast) - (status?.windowStart ?? .distantPast)).inSeconds
    case .lifetime: length = .nan
    }
    #expect(abs(forecast.expected / length - 1) < 0.05, "\(forecast.expected) of \(length)")
  }

  @Test("bounds are in order, contain the forecast, and none is below what is used already", arguments: windows)
  func order(window: WindowRule) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      var course = Self.course(window, seed: seed)
      let status = course.status()
      let forecast = try #require(status?.outlook?.forecast)
      let bounds = levels.map { forecast[keyPath: $0] }
      #expect(bounds == bounds.sorted() && bounds[1] < bounds[3], "seed \(seed)")
      #expect(bounds[0] >= Double(status?.used ?? -1), "seed \(seed)")
    }
  }

  @Test(
    "chances and intervals say the same: limits at the bounds are reached with their probability", arguments: windows)
  func consistent(window: WindowRule) throws {
    var course = Self.course(window, seed: 1)
    let told = course.forecast()
    let forecast = try #require(told)
    for (level, chance) in zip(levels, [0.975, 0.9, nil, 0.1, 0.025] as [Double?]) {
      let bound = forecast[keyPath: level]
      let said = course.chance(limit: Quantity(exactly: bound.rounded(.up)) ?? .max)
      let used = Double(course.status()?.used ?? 0)
      // Where use of a rolling window falls, the bounds below end at what is used now, which no limit can be reached by.
      guard bound > used + 1 else { continue }
      // The median lies within the 80 % interval, as the forecast does.
      if let chance { #expect(abs(said - chance) < 0.02) } else { #expect((0.1...0.9).contains(said)) }
    }
  }

  @Test("a higher limit is never more likely reached", arguments: windows)
  func monotoneInLimit(window: WindowRule) throws {
    var course = Self.course(window, seed: 2)
    let forecast = course.forecast()
    let top = try #require(forecast).upper95 * 2
    var before = 1.0
    var chances: Set<Double> = []
    for step in 1...100 {
      let chance = course.chance(limit: Quantity(exactly: (top * Double(step) / 100).rounded()) ?? .max)
      #expect((0...1).contains(chance) && chance <= before + 1e-6, "limit \(step) %")
      before = chance
      chances.insert(chance)
    }
    #expect(before < 0.1 && chances.count > 10)
  }

  @Test("more use just now never lowers the forecast or a bound", arguments: windows)
  func monotoneInUse(window: WindowRule) throws {
    var before: [Double] = []
    for extra in [0, 7, 900, 80_000, 9_000_000] as [Int64] {
      var course = Self.course(window, seed: 3)
      if extra > 0 { course.use(extra) }
      let told = course.forecast()
      let forecast = try #require(told)
      let bounds = levels.map { forecast[keyPath: $0] }
      #expect(zip(before, bounds).allSatisfy { $0 <= $1 }, "\(extra): \(before) \(bounds)")
      before = bounds
    }
  }

  @Test(
    "a thousand times the use and the limit: a thousand times the forecast, and the same chance", arguments: windows)
  func scaling(window: WindowRule) throws {
    var small = Self.course(window, seed: 4)
    var large = Self.course(window, seed: 4, factor: 1000)
    let forecasts = (small.forecast(), large.forecast())
    let (one, many) = try (#require(forecasts.0), #require(forecasts.1))
    for level in levels {
      #expect(abs(many[keyPath: level] / one[keyPath: level] / 1000 - 1) < 0.02)
    }
    let limit = Quantity(exactly: one.upper80.rounded()) ?? .max
    let (chance, same) = (small.chance(limit: limit), large.chance(limit: 1000 * limit))
    #expect(abs(chance - same) < 0.02 && chance > 0.05)
  }

  @Test(
    "rolling windows: when use stops, the highest to come is what is used now",
    arguments: [Interval.hours(1), .hours(24)])
  func falling(length: Interval) throws {
    var course = Course(window: .rolling(length))
    course.live(9 * 1440 + 17 * 60) { _ in 100 }
    course.use(50_000)
    course.live(length == .hours(1) ? 30 : 600) { _ in 0 }
    let status = course.status()
    let forecast = try #require(status?.outlook?.forecast)
    #expect(forecast.lower95 >= Double(status?.used ?? .max))
  }
}
