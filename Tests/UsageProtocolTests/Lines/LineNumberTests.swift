import BudgetCore
import Testing
import UsageProtocol

@Suite("Numbers on a usage line")
struct LineNumberTests {
  static let half: UInt32 = 1 << 31

  @Test(
    "counts are whole numbers with a fraction in 2^-32",
    arguments: [
      ("0", 0 as Int64, 0 as UInt32), ("1", 1, 0), ("007", 7, 0), ("+5", 5, 0), ("-0", 0, 0), ("1.0", 1, 0),
      ("1.", 1, 0),
      (".5", 0, half), ("1.5", 1, half), ("0.25", 0, 1 << 30), ("1e3", 1000, 0), ("1E3", 1000, 0), ("1e+3", 1000, 0),
      ("1500e-3", 1, half), ("1.5e1", 15, 0), ("0e999999999999", 0, 0), ("0.000e-99999", 0, 0),
      ("999999999999999", 999_999_999_999_999, 0), ("1000000000000000", 1_000_000_000_000_000, 0),
      ("0000000000000000000000000000000000000000000000000007", 7, 0),
      ("0.\(String(repeating: "0", count: 60))1e61", 1, 0), ("1\(String(repeating: "0", count: 60))e-60", 1, 0),
      ("1.\(String(repeating: "0", count: 100))", 1, 0),
      // Rounded up: what was used is never under-counted.
      ("1e-400", 0, 1), ("0.1", 0, 429_496_730), ("1234567.0000000000000000000000001", 1_234_567, 1),
    ])
  func counts(text: String, amount: Int64, fraction: UInt32) {
    for name in ["tokens", "requests", "items"] {
      let parsed = Parsed("\(name):\(text)|c")
      #expect(parsed.event?.amount == amount, "\(text)")
      #expect(parsed.event?.fraction == fraction, "\(text)")
    }
  }

  @Test(
    "what is not a number of ASCII digits is refused",
    arguments: [
      "NaN", "nan", "-nan", "inf", "Inf", "-inf", "+Infinity", "infinity", "0x10", "0x1p4", "1_000", "1,000", "1 ",
      " 1", "--1",
      "+-1", "1.2.3", ".", "+", "-", "e5", "1e", "1e+", "1e5.5", "1e 5", "1d", "1f", "½", "١", "1\0", "0b1", "1e5e5",
      "#1",
    ])
  func notNumbers(text: String) {
    for line in ["tokens:\(text)|c", "cost:\(text)|c", "duration:\(text)|ms", "tokens:1:\(text)|c", "x:\(text)|g"] {
      #expect(Parsed(line).verdict == "not_a_number", "\(line)")
    }
  }

  @Test("less than nothing is refused", arguments: ["-1", "-0.1", "-1e-400", "-1e400", "-999999999999999999999"])
  func negative(text: String) {
    for line in [
      "tokens:\(text)|c", "requests:\(text)|c", "cost:\(text)|c", "duration:\(text)|h", "tokens:1:\(text)|c",
    ] {
      #expect(Parsed(line).verdict == "negative", "\(line)")
    }
  }

  @Test(
    "more than anybody spends is refused",
    arguments: [
      "1000000000000001", "1e16", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e400", "1e38",
      "1e39", "340282366920938463463374607431768211456", "1234567890123456789012345678901234567890",
      "9e99999999999999999999",
      "1" + String(repeating: "0", count: 5000),
    ])
  func tooLarge(text: String) {
    for name in ["tokens", "requests", "items"] {
      #expect(Parsed("\(name):\(text)|c").verdict == "out_of_range", "\(name):\(text)")
    }
  }

  @Test(
    "a cost is exact to the picodollar, halves rounded up",
    arguments: [
      ("1", 1_000_000_000_000 as Int64), ("0.0125", 12_500_000_000), ("0", 0), ("0.000000000001", 1),
      ("123.456789012345", 123_456_789_012_345), ("1e-12", 1), ("25e-1", 2_500_000_000_000), ("0.1", 100_000_000_000),
      ("0.0000000000004", 0), ("0.00000000000049999999999999999999", 0), ("0.0000000000005", 1),
      ("0.0000000000014999999999999999999999999999999", 1), ("0.0000000000015", 2), ("1e-400", 0),
      ("0.3333333333333333333333333333333333333333", 333_333_333_333), ("0.6666666666666666666", 666_666_666_667),
      ("9000000", 9_000_000_000_000_000_000), ("8999999.999999999999", 8_999_999_999_999_999_999),
    ])
  func costs(text: String, picodollars: Int64) {
    let parsed = Parsed("cost:\(text)|c")
    #expect(parsed.event?.amount == picodollars, "\(text)")
    #expect(parsed.event?.fraction == 0)
  }

  @Test(
    "a cost beyond nine million dollars is refused",
    arguments: ["9000000.000000000001", "9000001", "1e7", "1e26", "1e400"])
  func largeCosts(text: String) {
    #expect(Parsed("cost:\(text)|c").verdict == "out_of_range")
  }

  @Test(
    "timers are in milliseconds, histograms and distributions in seconds",
    arguments: [
      ("1|ms", 1_000_000 as Int64), ("1|h", 1_000_000_000), ("1|d", 1_000_000_000), ("0.5|ms", 500_000),
      ("0.25|h", 250_000_000),
      ("1e-6|ms", 1), ("1e-9|d", 1), ("0|ms", 0), ("1e12|ms", 1_000_000_000_000_000_000),
      ("1e9|d", 1_000_000_000_000_000_000),
      ("320.123456789|ms", 320_123_456),
    ])
  func durations(text: String, nanoseconds: Int64) {
    #expect(Parsed("duration:\(text)").event == Parsed.Event(kind: .duration, amount: nanoseconds))
  }

  @Test("a duration beyond three decades is refused", arguments: ["1e13|ms", "1000000001|h", "1e400|d"])
  func longDurations(text: String) {
    #expect(Parsed("duration:\(text)").verdict == "out_of_range")
  }
}

@Suite("Packed and sampled values")
struct PackedAndSampledValueTests {
  @Test(
    "packed counts and costs are one event of their sum; empty places are skipped",
    arguments: [
      ("tokens:1:2:3|c", Parsed.Event(kind: .tokens, amount: 6)),
      ("tokens::1::2:|c", Parsed.Event(kind: .tokens, amount: 3)),
      ("requests:5:|c", Parsed.Event(kind: .requests, amount: 5)),
      ("items:0:0|c", Parsed.Event(kind: .items, amount: 0)),
      ("tokens:0.5:0.5:0.25|c", Parsed.Event(kind: .tokens, amount: 1, fraction: 1 << 30)),
      ("cost:0.5:0.25:0.000000000001|c", Parsed.Event(kind: .cost, amount: 750_000_000_001)),
      ("cost:0.0000000000004:0.0000000000004|c", Parsed.Event(kind: .cost, amount: 1)),
      ("tokens:1:2|c|@0.5|#a:b", Parsed.Event(kind: .tokens, amount: 6, tags: "a:b")),
      ("tokens:1:2|c|T5", Parsed.Event(kind: .tokens, amount: 3, timestamp: 5)),
    ])
  func packed(line: String, event: Parsed.Event) {
    #expect(Parsed(line).events == [event])
  }

  @Test("packed durations are one observation each", arguments: ["ms", "h", "d"])
  func packedDurations(type: String) {
    let unit: Int64 = type == "ms" ? 1_000_000 : 1_000_000_000
    let expected = [1, 2, 3].map { Parsed.Event(kind: .duration, amount: $0 * unit, tags: "a:b") }
    #expect(Parsed("duration::1:2::3|\(type)|#a:b").events == expected)
  }

  @Test("one bad value refuses its whole line and nothing else")
  func allOrNothing() {
    let parsed = Parsed("duration:1:2|ms\nduration:3:4:x|ms\nduration:5|ms\ntokens:1:-1|c\ntokens:1:1e16|c\ntokens:9|c")
    #expect(parsed.events.map(\.amount) == [1_000_000, 2_000_000, 5_000_000, 9])
    #expect(parsed.rejections == [.notANumber: 1, .negative: 1, .outOfRange: 1])
    #expect(parsed.tally.lines == 6)
  }

  @Test("a sum beyond the bound is refused like a number beyond it")
  func largeSums() {
    #expect(Parsed("tokens:1e15:1|c").verdict == "out_of_range")
    #expect(
      Parsed("tokens:" + Array(repeating: "1e15", count: 10_000).joined(separator: ":") + "|c").verdict
        == "out_of_range")
    #expect(Parsed("cost:9000000:0.000000000001|c").verdict == "out_of_range")
    #expect(
      Parsed("cost:" + Array(repeating: "9e6", count: 10_000).joined(separator: ":") + "|c").verdict == "out_of_range")
  }

  @Test(
    "a sampled count is divided by its rate",
    arguments: [
      ("3|c|@0.3", 10 as Int64, 0 as UInt32), ("1|c|@0.5", 2, 0), ("1|c|@1", 1, 0), ("1|c|@1.0", 1, 0),
      ("1|c|@1e0", 1, 0),
      ("1|c|@0.1", 10, 0), ("1|c|@1e-1", 10, 0), ("1|c|@.25", 4, 0), ("1|c|@0.3", 3, 1_431_655_766),
      ("1|c|@0.0000001", 10_000_000, 0), ("1|c|@0.000000001", 1_000_000_000, 0), ("1.5|c|@0.5", 3, 0),
      ("0|c|@0.001", 0, 0),
      ("0.000000000001|c|@0.000000001", 0, 4_294_968), ("1e-30|c|@1e-9", 0, 1), ("0.1:0.2|c|@0.3", 1, 0),
      ("1|c|@0.999999999", 1, 5), ("1000000|c|@0.000000001", 1_000_000_000_000_000, 0),
    ])
  func sampledCounts(text: String, amount: Int64, fraction: UInt32) {
    #expect(Parsed("tokens:\(text)").event == Parsed.Event(kind: .tokens, amount: amount, fraction: fraction))
  }

  @Test("three calls sampled at 0.3 are ten, in the ledger as on paper")
  func carriedFractions() {
    var pipeline = Pipeline(SmallLedger.make())
    for _ in 0..<3 { pipeline.count("tokens:1|c|@0.3|#agent:x") }
    #expect(pipeline.ledger.usage(by: "agent", in: .day, top: 1, now: SmallLedger.start)?.first?.tokens == 10)
    for _ in 0..<7 { pipeline.count("requests:1|c|@0.7|#agent:x") }
    #expect(pipeline.ledger.usage(by: "agent", in: .day, top: 1, now: SmallLedger.start)?.first?.requests == 10)
  }

  @Test("a sampled cost is divided by its rate and rounded once")
  func sampledCosts() {
    #expect(Parsed("cost:0.01|c|@0.1").event?.amount == 100_000_000_000)
    #expect(Parsed("cost:1|c|@0.3").event?.amount == 3_333_333_333_333)
    #expect(Parsed("cost:2|c|@0.3").event?.amount == 6_666_666_666_667)
    #expect(Parsed("cost:0.0000000000001|c|@0.2").event?.amount == 1)
    #expect(Parsed("cost:0.0000000000001|c|@0.21").event?.amount == 0)
    #expect(Parsed("cost:9000000|c|@0.5").verdict == "out_of_range")
    #expect(Parsed("tokens:1e15|c|@0.5").verdict == "out_of_range")
  }

  @Test(
    "a sampled duration is one observation of weight 1/rate",
    arguments: [("0.5", 2.0), ("0.1", 10), ("1", 1), ("0.0000001", 10_000_000), ("0.3", 10 / 3.0)])
  func sampledDurations(rate: String, weight: Double) throws {
    let parsed = Parsed("duration:7|ms|@\(rate)")
    let event = try #require(parsed.event)
    #expect(event.amount == 7_000_000)
    #expect(abs(event.weight - weight) <= weight * 1e-15)
  }

  @Test(
    "a rate is above 0 and at most 1",
    arguments: [
      "0", "0.0", "-0", "-1", "-0.5", "2", "1.1", "1.000000000000000001", "1.00000000000000000000000000001", "1e1",
      "1e400",
      "1e-400", "0.0000000001", "NaN", "inf", "", "0x1", "1_0", "half", "0,5", "1 ", "@1", "100%",
    ])
  func badRates(rate: String) {
    for line in ["tokens:1|c|@\(rate)", "duration:1|ms|@\(rate)", "x:1|c|@\(rate)", "tokens:1|c|#a:b|@\(rate)|T1"] {
      #expect(Parsed(line).verdict == "bad_sample_rate", "\(line)")
    }
  }
}
