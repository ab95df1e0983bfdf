import Testing

@testable import BudgetCore

@Suite("Durations as text")
struct DurationTextTests {
  @Test(
    "numbers with units, the larger first",
    arguments: [
      ("0", 0), ("0s", 0), ("1ms", 1), ("90s", 90_000), ("1h30m", 5_400_000), ("24h", 86_400_000), ("7d", 604_800_000),
      ("1w1d", 691_200_000), ("1y", 31_536_000_000), ("1d2h3m4s5ms", 93_784_005), ("292y", 9_208_512_000_000),
    ] as [(String, Int64)])
  func parsed(text: String, milliseconds: Int64) {
    #expect(DurationText.parse(text) == .milliseconds(milliseconds))
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "1", "h", "1 h", "1.5h", "-1h", "+1h", "1h1h", "30m1h", "1H", "1µs", "1ns", "1hh", "00000000000000000001h",
      "293y", "9999999999999999s", "1h ", "١h",
    ])
  func refused(text: String) {
    #expect(DurationText.parse(text) == nil)
  }

  @Test(
    "is written shortly, days only from four whole ones on",
    arguments: [
      (0, "0s"), (-5, "0s"), (1, "1ms"), (90_000, "1m30s"), (3_600_000, "1h"), (86_400_000, "24h"),
      (259_200_000, "72h"), (345_600_000, "4d"), (349_200_000, "97h"), (31_536_000_000, "365d"),
    ] as [(Int64, String)])
  func written(milliseconds: Int64, text: String) {
    #expect(DurationText.text(.milliseconds(milliseconds)) == text)
  }

  @Test("whatever is written is read back")
  func roundTrip() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<2000 {
      let interval = Interval.milliseconds(
        Int64.random(in: 1...(1 << Int64.random(in: 1...40, using: &random)), using: &random))
      #expect(DurationText.parse(DurationText.text(interval)) == interval, "\(interval)")
    }
  }

  @Test(
    "seconds to wait are rounded up, so that nobody comes too early",
    arguments: [(0, 0), (1, 1), (999_999_999, 1), (1_000_000_000, 1), (1_000_000_001, 2)] as [(Int64, Int64)])
  func roundedUp(nanoseconds: Int64, seconds: Int64) {
    #expect(Interval(nanoseconds: nanoseconds).secondsRoundedUp == seconds)
  }
}
