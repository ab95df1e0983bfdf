import Testing

@testable import BudgetCore

@Suite struct CivilDateTests {
  @Test(
    "known dates have their day number and weekday",
    arguments: [
      (1970, 1, 1, 0, 4), (2000, 2, 29, 11_016, 2), (2000, 3, 1, 11_017, 3), (1969, 12, 31, -1, 3),
      (1900, 2, 28, -25_509, 3), (1900, 3, 1, -25_508, 4), (2024, 2, 29, 19_782, 4), (2100, 3, 1, 47_541, 1),
      (1, 1, 1, -719_162, 1), (0, 3, 1, -719_468, 3),
    ] as [(Int64, Int64, Int64, Int64, Int64)])
  func knownDates(year: Int64, month: Int64, day: Int64, number: Int64, weekday: Int64) {
    let date = CivilDate(year: year, month: month, day: day)
    #expect(date.daysSinceEpoch == number)
    #expect(CivilDate(daysSinceEpoch: number) == date)
    #expect(CivilDate.weekday(daysSinceEpoch: number) == weekday)
  }

  @Test("every day of 800 years follows the one before")
  func roundTrip() {
    var expected = CivilDate(year: 1600, month: 1, day: 1)
    let lengths: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    for number in expected.daysSinceEpoch..<(expected.daysSinceEpoch + 292_194) {
      let date = CivilDate(daysSinceEpoch: number)
      guard date == expected, date.daysSinceEpoch == number else {
        Issue.record("day \(number) is \(date), expected \(expected)")
        return
      }
      let leapDay: Int64 = expected.month == 2 && CivilDate.isLeap(year: expected.year) ? 1 : 0
      expected.day += 1
      if expected.day > lengths[Int(expected.month) - 1] + leapDay {
        expected.day = 1
        expected.month += 1
      }
      if expected.month > 12 {
        expected.month = 1
        expected.year += 1
      }
    }
    #expect(expected == CivilDate(year: 2400, month: 1, day: 1))
  }
}
