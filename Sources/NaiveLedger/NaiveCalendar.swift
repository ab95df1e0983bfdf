import BudgetCore

/// A date by counting days from 1970 on, one month after the other.
enum NaiveDate {
  static func length(ofMonth month: Int, _ year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    var days = 0
    for past in 1970..<year {
      for month in 1...12 { days += length(ofMonth: month, past) }
    }
    for past in 1..<month { days += length(ofMonth: past, year) }
    return Int64(days + day - 1)
  }

  /// Months since the epoch's January, for each day from `first` to `last`.
  static func months(of first: Int64, through last: Int64) -> [Int64] {
    var months: [Int64] = []
    var (month, day, year) = (0, Int64(0), 1970)
    while day <= last {
      let length = length(ofMonth: month % 12 + 1, year)
      for _ in 0..<length {
        if day >= first, day <= last { months.append(Int64(month)) }
        day += 1
      }
      month += 1
      if month % 12 == 0 { year += 1 }
    }
    return months
  }
}

/// A calendar window as the list of its edges, found by reading the local clock every quarter of an hour from
/// 2024 to 2028.
///
/// A period begins when the clock first shows its name or a later one: what a clock that was set back shows again
/// has begun before.
struct NaiveCalendar: Sendable {
  let rule: CalendarRule
  let zone: NaiveZone
  /// Nanoseconds since the epoch, ascending.
  private let edges: [Int64]

  /// - Parameter startOfDay: seconds, in whole quarters of an hour.
  init(_ period: CalendarRule.Period, _ zone: NaiveZone, startOfDay: Int64 = 0, firstWeekday: Int64 = 1) {
    self.zone = zone
    rule = CalendarRule(
      period: period, zoneName: zone.name, zone: zone.rules, startOfDay: Int32(startOfDay),
      firstWeekday: UInt8(firstWeekday))
    let start = NaiveDate.dayNumber(2024, 1, 2) * 86_400
    let end = NaiveDate.dayNumber(2028, 12, 30) * 86_400
    let firstDay = start / 86_400 - 2
    let months = NaiveDate.months(of: firstDay, through: end / 86_400 + 2)
    var edges: [Int64] = []
    var latest = Int64.min
    for second in stride(from: start, to: end, by: 900) {
      let local = second + zone.offset(at: second)
      let day = (local - startOfDay) / 86_400
      let month = months[Int(day - firstDay)]
      let name: Int64 =
        switch period {
        // A full hour of the local clock, however often it shows it.
        case .hour: local % 3600 == 0 ? second : latest
        case .day: day
        // Day 4 was a Monday.
        case .week: (day - 4 - (firstWeekday - 1) + 7) / 7
        case .month: month
        case .quarter: month / 3
        case .year: month / 12
        }
      if name > latest {
        if latest != .min { edges.append(second * 1_000_000_000) }
        latest = name
      }
    }
    self.edges = edges
  }

  /// The edges around an instant in nanoseconds.
  func period(at now: Int64) -> (start: Int64, end: Int64) {
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] <= now { low = middle + 1 } else { high = middle }
    }
    precondition(low > 0 && low < edges.count, "histories stay between 2024 and 2028")
    return (edges[low - 1], edges[low])
  }

  /// A window of each kind where clocks make it hard.
  static let all: [NaiveCalendar] = [
    NaiveCalendar(.day, .utc), NaiveCalendar(.week, .utc), NaiveCalendar(.month, .utc), NaiveCalendar(.hour, .berlin),
    NaiveCalendar(.day, .berlin), NaiveCalendar(.day, .berlin, startOfDay: 9000),
    NaiveCalendar(.week, .berlin, firstWeekday: 7), NaiveCalendar(.month, .berlin, startOfDay: 6 * 3600),
    NaiveCalendar(.day, .newYork, startOfDay: 5400), NaiveCalendar(.hour, .newYork),
    NaiveCalendar(.day, .lordHowe, startOfDay: 6300), NaiveCalendar(.week, .lordHowe),
    NaiveCalendar(.day, .santiago), NaiveCalendar(.week, .santiago), NaiveCalendar(.quarter, .newYork),
    NaiveCalendar(.month, .santiago),
  ]
}
