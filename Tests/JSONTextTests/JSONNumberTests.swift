import JSONText
import Testing

@Suite("JSON numbers")
struct JSONNumberTests {
  private func number(_ text: String) throws -> JSONNumber {
    try #require(try JSONValue.parse(text).asNumber)
  }

  @Test(
    "only whole numbers that fit are integers",
    arguments: [
      ("0", 0), ("-0", 0), ("0.0", 0), ("0e999999999999999999999", 0), ("1.0", 1), ("1e3", 1000), ("1.5e1", 15),
      ("-12", -12), ("1200e-2", 12), ("100000000000000000000e-20", 1), ("9223372036854775807", .max),
      ("-9223372036854775808", .min), ("9223372036854775808", nil), ("-9223372036854775809", nil), ("0.5", nil),
      ("1e-1", nil), ("1.5e0", nil), ("1e19", nil), ("1e999999999999999999999", nil),
      ("1e-999999999999999999999", nil), ("1200e-3", nil),
    ] as [(String, Int64?)])
  func integers(text: String, value: Int64?) throws {
    #expect(try number(text).int64 == value)
    #expect(try number(text).text == text)
  }

  @Test(
    "decimals are scaled exactly, and rounded half away from zero beyond the scale",
    arguments: [
      ("1e-05", 12, 10_000_000), ("2.5e-06", 12, 2_500_000), ("0.004", 12, 4_000_000_000), ("1", 12, 1_000_000_000_000),
      ("1e-12", 12, 1), ("5e-13", 12, 1), ("4.999999999e-13", 12, 0), ("-5e-13", 12, -1), ("-4e-13", 12, 0),
      ("1.5", 0, 2), ("2.5", 0, 3), ("-2.5", 0, -3), ("0.49999999999999999999999999999", 0, 0), ("0.5", 0, 1),
      ("0.05", 0, 0), ("9.5", 0, 10), ("1e400", 0, nil), ("1e-400", 12, 0), ("1e-999999999", 12, 0),
      ("1e999999999", 12, nil), ("-1e999999999999999999999999", 12, nil), ("0e999999999", 12, 0), ("12345", -3, 12),
      ("12500", -3, 13), ("170141183460469231731687303715884105727", 0, .max),
      ("170141183460469231731687303715884105728", 0, nil), ("-170141183460469231731687303715884105728", 0, .min),
      ("-170141183460469231731687303715884105729", 0, nil), ("170141183460469231731687303715884105727.5", 0, nil),
      ("1e38", 0, 100_000_000_000_000_000_000_000_000_000_000_000_000), ("2e38", 0, nil), ("1e39", 0, nil),
      ("1", .max, nil), ("1", .min, 0), ("1e5", .max, nil), ("1e-5", .min, 0), ("0", .max, 0),
    ] as [(String, Int, Int128?)])
  func decimals(text: String, scale: Int, value: Int128?) throws {
    #expect(try number(text).decimal(scale: scale) == value)
  }

  @Test("a million digits take linear time and keep their value")
  func longLiterals() throws {
    let zeros = String(repeating: "0", count: 1_000_000)
    #expect(try number("0.\(zeros)1e1000003").int64 == 100)
    #expect(try number("1\(zeros)e-1000000").int64 == 1)
    #expect(try number("1\(zeros)").decimal(scale: 0) == nil)
    #expect(try number("0." + String(repeating: "9", count: 1_000_000)).decimal(scale: 6) == 1_000_000)
  }

  @Test("a literal is checked before it becomes a number")
  func literals() {
    for text in ["", "-", "01", "1.", "+1", "1e", " 1", "1 ", "nan", "0x1", "1,5", "\u{661}"] {
      #expect(JSONNumber(literal: text) == nil, "\(text)")
    }
    #expect(JSONNumber(literal: "0.0125")?.decimal(scale: 12) == 12_500_000_000)
    #expect(JSONNumber(Int128.min).decimal(scale: 0) == .min)
  }

  @Test("a number too large for floating point has no floating-point value")
  func doubles() throws {
    #expect(try number("1e400").double == nil)
    #expect(try number("-1e400").double == nil)
    #expect(try number("0.1").double == 0.1)
    #expect(try number("1e-400").double == 0)
  }
}
