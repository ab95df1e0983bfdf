import BudgetCore
import Testing

@testable import Configuration

@Suite struct NumberTextTests {
  @Test(
    "whole numbers are read exactly",
    arguments: [
      ("0", 0), ("7", 7), ("500000", 500_000), ("500_000", 500_000), ("500K", 500_000), ("500k", 500_000),
      ("2M", 2_000_000), ("1_000M", 1_000_000_000), ("1G", 1_000_000_000), ("0K", 0),
      ("9223372036854775807", Int64.max), ("9_223_372_036G", 9_223_372_036_000_000_000),
    ] as [(String, Int64)])
  func whole(text: String, value: Int64) {
    #expect(NumberText.whole(text) == value)
  }

  @Test(
    "anything else is no whole number",
    arguments: [
      "", " 1", "1 ", "-1", "+1", "01", "0_1", "_1", "1_", "1__0", "1_K", "K", "1KK", "1.5M", "1e6", "0x10", "1,000",
      "9223372036854775808", "9223372036854775807K", "99999999999999999999999999", "nan", "inf", "٣", "1m",
    ])
  func notWhole(_ text: String) {
    #expect(NumberText.whole(text) == nil)
  }

  @Test(
    "decimals are read exactly",
    arguments: [
      ("0", 12, 0), ("25.00", 12, 25_000_000_000_000), ("0.0125", 12, 12_500_000_000), ("0.000000000001", 12, 1),
      ("0.1", 6, 100_000), ("1_000.5", 6, 1_000_500_000), ("1", 6, 1_000_000), ("1.000000", 6, 1_000_000),
      ("99999999999999999999", 12, 99_999_999_999_999_999_999_000_000_000_000),
    ] as [(String, Int, Quantity)])
  func decimal(text: String, decimals: Int, value: Quantity) {
    #expect(NumberText.decimal(text, decimals: decimals) == value)
  }

  @Test(
    "anything else is no decimal",
    arguments: [
      "", ".", "1.", ".5", "-1", "+1", "1.2.3", "1e3", "$5", "5 USD", "0.1234567", "1.5_0", "nan", "inf", "01.5",
      "1,5", "999999999999999999999",
    ])
  func notDecimal(_ text: String) {
    #expect(NumberText.decimal(text, decimals: 6) == nil)
  }

  @Test(
    "durations are sums of units",
    arguments: [
      ("0", 0, "0s"), ("500ms", 500, "500ms"), ("10m", 600_000, "10m"), ("1h30m", 5_400_000, "1h30m"),
      ("24h", 86_400_000, "24h"), ("7d", 604_800_000, "7d"), ("1w", 604_800_000, "7d"),
      ("1y1d", 31_622_400_000, "366d"), ("1h1ms", 3_600_001, "1h1ms"),
    ] as [(String, Int64, String)])
  func duration(text: String, milliseconds: Int64, shortest: String) throws {
    let value = try #require(DurationText.parse(text))
    #expect(value == .milliseconds(milliseconds))
    #expect(DurationText.text(value) == shortest)
  }

  @Test(
    "anything else is no duration",
    arguments: [
      "", "5", "h", "1", "-1h", "1.5h", "1h ", "1 h", "1m1h", "1h1h", "1H", "1us", "300y", "1h30", "forever",
      "9999999999999999999s", "999999999999999999d",
    ])
  func notDuration(_ text: String) {
    #expect(DurationText.parse(text) == nil)
  }

  @Test("a misspelled name finds the one that was meant")
  func nearest() {
    let names = ["limit", "match", "window", "warn_at", "reservation_ttl"]
    #expect(NearestName.find("limt", among: names) == "limit")
    #expect(NearestName.find("warnAt", among: names) == "warn_at")
    #expect(NearestName.find("wnidow", among: names) == "window")
    #expect(NearestName.find("reservation-tll", among: names) == "reservation_ttl")
    #expect(NearestName.find("colour", among: names) == nil)
    #expect(NearestName.find("", among: names) == nil)
    #expect(NearestName.find(String(repeating: "limit", count: 1000), among: names) == nil)
  }

  @Test(
    "listen addresses are IP literals with a port",
    arguments: [
      ("", "", true), ("127.0.0.1:8125", "127.0.0.1:8125", true), (":9465", ":9465", true),
      ("[::1]:0", "[::1]:0", true),
      ("localhost:1", "localhost:1", true), ("0.0.0.0:65535", "0.0.0.0:65535", true), ("8125", "", false),
      ("127.0.0.1", "", false), ("127.0.0.1:", "", false), ("127.0.0.1:65536", "", false), ("::1:80", "", false),
      ("[::1]", "", false), ("example.org:80", "", false), ("127.0.0.1:-1", "", false), ("[]:80", "", false),
      ("256.0.0.1:80", "", false), ("127.0.0.1:٣", "", false),
    ])
  func addresses(text: String, description: String, valid: Bool) {
    #expect(ListenAddress(text).map(\.description) == (valid ? description : nil))
  }
}
