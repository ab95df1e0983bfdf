import Testing

@testable import BudgetCore

@Suite("Instants as RFC 3339 writes them")
struct InstantTextTests {
  @Test(
    "an instant is written in UTC, to the millisecond where there are any",
    arguments: [
      (0, 0, "1970-01-01T00:00:00Z"), (1_750_075_200, 0, "2025-06-16T12:00:00Z"),
      (951_782_399, 999_999_999, "2000-02-28T23:59:59.999Z"), (951_782_400, 0, "2000-02-29T00:00:00Z"),
      (4_107_542_400, 1_000_000, "2100-03-01T00:00:00.001Z"), (-1, 0, "1969-12-31T23:59:59Z"),
      (-1, 500_000_000, "1969-12-31T23:59:59.500Z"), (1_750_075_200, 999_999, "2025-06-16T12:00:00Z"),
    ] as [(Int64, Int64, String)])
  func written(seconds: Int64, nanoseconds: Int64, text: String) {
    #expect(Instant(nanoseconds: seconds * 1_000_000_000 + nanoseconds).rfc3339 == text)
  }

  @Test(
    "an instant is read with any offset, to the nanosecond",
    arguments: [
      ("2025-06-16T12:00:00Z", 0), ("2025-06-16t12:00:00z", 0), ("2025-06-16 14:00:00+02:00", 0),
      ("2025-06-16T06:30:00-05:30", 0), ("2025-06-17T11:59:00+23:59", 0), ("2025-06-16T12:00:00.5Z", 500_000_000),
      ("2025-06-16T12:00:00.000000001Z", 1), ("2025-06-16T11:59:60Z", 0),
    ] as [(String, Int64)])
  func read(text: String, nanoseconds: Int64) {
    #expect(Instant(rfc3339: text) == noon + Interval(nanoseconds: nanoseconds))
  }

  @Test(
    "what is no instant is not guessed",
    arguments: [
      "", "2025-06-16", "2025-06-16T12:00:00", "2025-06-16T12:00Z", "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z",
      "2025-00-10T00:00:00Z", "2025-06-31T00:00:00Z", "2025-06-16T24:00:00Z", "2025-06-16T12:60:00Z",
      "2025-06-16T12:00:61Z", "2025-06-16T12:00:00.Z", "2025-06-16T12:00:00.1234567890Z", "2025-06-16T12:00:00+2:00",
      "2025-06-16T12:00:00+24:00", "2025-06-16T12:00:00Z ", "1969-12-31T23:59:59Z", "2262-01-01T00:00:00Z",
      "2025-06-16T12:00:00Zulu", "２025-06-16T12:00:00Z", "2025/06/16T12:00:00Z",
    ])
  func refused(text: String) {
    #expect(Instant(rfc3339: text) == nil)
  }

  @Test("what is written is read back, whatever the millisecond")
  func roundTrip() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<2000 {
      let milliseconds = Int64.random(in: 0...9_214_646_400_000, using: &random)
      let instant = Instant(nanoseconds: milliseconds * 1_000_000)
      #expect(Instant(rfc3339: instant.rfc3339) == instant, "\(milliseconds)")
    }
  }

  @Test(
    "a limit ends at a time or after a while",
    arguments: [
      ("1h30m", .after(.minutes(90))), ("2025-06-16T12:00:00Z", .at(noon)), ("0", nil), ("tomorrow", nil), ("-1h", nil),
    ] as [(String, LimitEnd?)])
  func limitEnd(text: String, end: LimitEnd?) {
    #expect(LimitEnd(text) == end)
  }

  @Test("an end is counted from now, or is what it says")
  func ends() {
    #expect(LimitEnd.after(.hours(1)).instant(from: after(60)) == noon + .seconds(3660))
    #expect(LimitEnd.at(noon).instant(from: after(60)) == noon)
  }
}
