/// What an account used in the last day: by minutes, by ten minutes, by hours.
///
/// A lookback is a sum of whole bins and a share of the oldest one, as if use were even within it: exact to one bin's
/// unevenness. Bins are counted on the steady clock, from its epoch.
struct UseHistory: Sendable {
  static let minuteBins = 6
  static let tenBins = 13
  static let hourBins = 25

  private(set) var minutes = InlineArray<6, Float>(repeating: 0)
  private(set) var tens = InlineArray<13, Float>(repeating: 0)
  private(set) var hours = InlineArray<25, CompactFloat>(repeating: CompactFloat())
  /// The use of the hour that is not over: sums need more digits than what is kept of it.
  private(set) var openHour: Float = 0

  init() {}

  init?(stored: [Float]) {
    guard stored.count == Self.storedCount, stored.allSatisfy({ $0.isFinite }) else { return nil }
    for index in 0..<6 { minutes[index] = stored[index] }
    for index in 0..<13 { tens[index] = stored[6 + index] }
    for index in 0..<25 { hours[index] = CompactFloat(stored[19 + index]) }
    openHour = stored[44]
  }

  static let storedCount = 45

  var stored: [Float] {
    minutes.indices.map { minutes[$0] } + tens.indices.map { tens[$0] } + hours.indices.map { hours[$0].value }
      + [openHour]
  }

  /// Adds use to the bins that are open at a minute.
  mutating func add(_ use: Float, minute: Int64) {
    minutes[Self.place(minute, 6)] += use
    tens[Self.place(minute / 10, 13)] += use
    openHour += use
  }

  /// The use of the ten minutes that contain a minute.
  func ten(at minute: Int64) -> Float { tens[Self.place(minute / 10, 13)] }

  func minute(at minute: Int64) -> Float { minutes[Self.place(minute, 6)] }

  /// The use of the hour that contains a minute, once it is over.
  func hour(at minute: Int64) -> Float { hours[Self.place(minute.flooredQuotient(60), 25)].value }

  mutating func setMinute(at minute: Int64, _ use: Float) { minutes[Self.place(minute, 6)] = use }

  mutating func setTen(at minute: Int64, _ use: Float) { tens[Self.place(minute.flooredQuotient(10), 13)] = use }

  /// - Parameter uses: of the hour that is open at a minute, and of those before it.
  mutating func setHours(openAt minute: Int64, _ uses: [Float]) {
    openHour = uses.first ?? 0
    for (age, use) in uses.enumerated().dropFirst() {
      hours[Self.place(minute.flooredQuotient(60) - Int64(age), 25)] = CompactFloat(use)
    }
  }

  /// Opens the bins of a minute that follows the open one.
  mutating func open(minute: Int64) {
    minutes[Self.place(minute, 6)] = 0
    if minute % 10 == 0 { tens[Self.place(minute / 10, 13)] = 0 }
    if minute % 60 == 0 {
      hours[Self.place(minute / 60 - 1, 25)] = CompactFloat(openHour)
      openHour = 0
    }
  }

  /// Opens the bins of a later minute; what lies between had no use. O(bins).
  mutating func skip(from last: Int64, to minute: Int64) {
    for number in max(last + 1, minute - 5)...minute { minutes[Self.place(number, 6)] = 0 }
    if minute / 10 > last / 10 {
      for number in max(last / 10 + 1, minute / 10 - 12)...minute / 10 { tens[Self.place(number, 13)] = 0 }
    }
    guard minute / 60 > last / 60 else { return }
    hours[Self.place(last / 60, 25)] = CompactFloat(openHour)
    openHour = 0
    guard minute / 60 > last / 60 + 1 else { return }
    for number in max(last / 60 + 1, minute / 60 - 25)..<minute / 60 { hours[Self.place(number, 25)] = CompactFloat() }
  }

  /// What was used in each trailing lookback.
  /// - Parameters:
  ///   - minute: of the steady clock, since its epoch.
  ///   - fraction: of that minute that has passed.
  func used(minute: Int64, fraction: Float) -> InlineArray<7, Float> {
    // Indexing an inline array of something borrowed copies it each time; a span of it does not.
    let (minutes, tens, hours) = (minutes.span, tens.span, hours.span)
    var used = InlineArray<7, Float>(repeating: 0)
    var (sum, place) = (Float(0), Self.place(minute, 6))
    var share = 1 - fraction
    func addMinutes(_ count: Int) {
      for _ in 0..<count {
        sum += minutes[place]
        place = place == 0 ? 5 : place - 1
      }
    }
    addMinutes(1)
    used[BurnLookback.minute.rawValue] = sum + share * minutes[place]
    addMinutes(4)
    used[BurnLookback.fiveMinutes.rawValue] = sum + share * minutes[place]

    (sum, place) = (0, Self.place(minute / 10, 13))
    share = 1 - (Float(minute % 10) + fraction) / 10
    func addTens(_ count: Int) {
      for _ in 0..<count {
        sum += tens[place]
        place = place == 0 ? 12 : place - 1
      }
    }
    addTens(3)
    used[BurnLookback.halfHour.rawValue] = sum + share * tens[place]
    addTens(3)
    used[BurnLookback.hour.rawValue] = sum + share * tens[place]
    addTens(6)
    used[BurnLookback.twoHours.rawValue] = sum + share * tens[place]

    (sum, place) = (openHour, Self.place(minute / 60 - 1, 25))
    share = 1 - (Float(minute % 60) + fraction) / 60
    func addHours(_ count: Int) {
      for _ in 0..<count {
        sum += hours[place].value
        place = place == 0 ? 24 : place - 1
      }
    }
    addHours(5)
    used[BurnLookback.sixHours.rawValue] = sum + share * hours[place].value
    addHours(18)
    used[BurnLookback.day.rawValue] = sum + share * hours[place].value
    return used
  }

  /// The last 24 whole hours before the one of this number, oldest first.
  @inline(__always)
  func forEachHour(before number: Int64, _ body: (Float) -> Void) {
    let hours = hours.span
    var place = Self.place(number - 24, 25)
    for _ in 0..<24 {
      body(hours[place].value)
      place = place == 24 ? 0 : place + 1
    }
  }

  private static func place(_ number: Int64, _ count: Int64) -> Int { Int(number.flooredRemainder(count)) }
}

/// A trailing time over which burn rates are shown.
package enum BurnLookback: Int, CaseIterable, Sendable {
  case minute = 0
  case fiveMinutes, halfHour, hour, twoHours, sixHours, day

  package var name: String {
    switch self {
    case .minute: "1m"
    case .fiveMinutes: "5m"
    case .halfHour: "30m"
    case .hour: "1h"
    case .twoHours: "2h"
    case .sixHours: "6h"
    case .day: "1d"
    }
  }

  package var minutes: Int {
    switch self {
    case .minute: 1
    case .fiveMinutes: 5
    case .halfHour: 30
    case .hour: 60
    case .twoHours: 120
    case .sixHours: 360
    case .day: 1440
    }
  }

  package var length: Interval { .minutes(Int64(minutes)) }
}
