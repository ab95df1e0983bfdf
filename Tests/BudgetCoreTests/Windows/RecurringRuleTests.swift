import Testing

@testable import BudgetCore

@Suite struct RecurringRuleTests {
  struct Case: Sendable {
    let text: String
    let instant: Int64
    let offset: Int32
  }

  /// The last second before a change and the first second after it.
  static let cases = [
    Case(text: "UTC0", instant: 0, offset: 0),
    Case(text: "<+03>-3", instant: 0, offset: 10_800),
    Case(text: "<-0330>3:30", instant: 0, offset: -12_600),
    Case(text: "XYZ-1:02:03", instant: 0, offset: 3723),
    Case(text: "CET-1CEST,M3.5.0,M10.5.0/3", instant: wall(2025, 3, 30, 1) - 1, offset: 3600),
    Case(text: "CET-1CEST,M3.5.0,M10.5.0/3", instant: wall(2025, 3, 30, 1), offset: 7200),
    Case(text: "CET-1CEST,M3.5.0,M10.5.0/3", instant: wall(2025, 10, 26, 1) - 1, offset: 7200),
    Case(text: "CET-1CEST,M3.5.0,M10.5.0/3", instant: wall(2025, 10, 26, 1), offset: 3600),
    // Southern: daylight time spans the new year.
    Case(text: "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", instant: wall(2026, 1, 1), offset: 39_600),
    Case(text: "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", instant: wall(2026, 7, 1), offset: 37_800),
    // Negative daylight time.
    Case(text: "IST-1GMT0,M10.5.0,M3.5.0/1", instant: wall(2025, 12, 1), offset: 0),
    Case(text: "IST-1GMT0,M10.5.0,M3.5.0/1", instant: wall(2025, 6, 1), offset: 3600),
    // Hours before midnight: Saturday 22:00 before the last Sunday of March, at -2.
    Case(text: "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", instant: wall(2025, 3, 30, 1) - 1, offset: -7200),
    Case(text: "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", instant: wall(2025, 3, 30, 1), offset: -3600),
    // Hours beyond a day: the fourth Thursday of March, 50:00.
    Case(text: "IST-2IDT,M3.4.4/50,M10.5.0", instant: wall(2025, 3, 29, 0) - 1, offset: 7200),
    Case(text: "IST-2IDT,M3.4.4/50,M10.5.0", instant: wall(2025, 3, 29, 0), offset: 10_800),
    // All of the year, so that the end of one is the start of the next (RFC 8536, section 3.3.1).
    Case(text: "XXX3EDT4,0/0,J365/23", instant: wall(2025, 1, 1, 3), offset: -14_400),
    Case(text: "XXX3EDT4,0/0,J365/23", instant: wall(2025, 7, 1), offset: -14_400),
    Case(text: "XXX3EDT4,0/0,J365/23", instant: wall(2024, 12, 31, 23), offset: -14_400),
    // J60 is March 1 in every year; 59 is February 29 in a leap year.
    Case(text: "AAA0BBB,J60/0,J300/0", instant: wall(2024, 3, 1) - 1, offset: 0),
    Case(text: "AAA0BBB,J60/0,J300/0", instant: wall(2024, 3, 1), offset: 3600),
    Case(text: "AAA0BBB,59/0,299/0", instant: wall(2024, 2, 29), offset: 3600),
    Case(text: "AAA0BBB,59/0,299/0", instant: wall(2023, 3, 1) - 1, offset: 0),
    Case(text: "AAA0BBB,59/0,299/0", instant: wall(2023, 3, 1), offset: 3600),
  ]

  @Test("a rule gives the offset on both sides of a change", arguments: cases)
  func offsets(of example: Case) throws {
    let rule = try #require(RecurringRule(posix: Array(example.text.utf8)[...]))
    let stretch = rule.stretch(at: example.instant)
    #expect(stretch.offset == example.offset)
    #expect(stretch.start <= example.instant && example.instant < stretch.end)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "UT", "UTC", "UTC25", "UTC0 ", "<+03-3", "<>-3", "+03-3", "UTC0:60", "UTC0:00:60", "UTC1:", "CET-1CEST",
      "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
      "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0/168,M10.5.0",
      "CET-1CEST,M3.5.0,M10.5.0/-168", "CET-1CEST,J0,J365", "CET-1CEST,J1,J366", "CET-1CEST,0,366",
      "CET-1CEST,M3.5.0,M10.5.0x", "CET-1CEST,M3.5.0/,M10.5.0", "UTC99999999999999999999",
    ])
  func refused(_ text: String) {
    #expect(RecurringRule(posix: Array(text.utf8)[...]) == nil)
  }
}
