import BudgetCore
import Testing

@testable import Exposition

@Suite("Page writer")
struct PageWriterTests {
  @Test(
    "whole numbers are written in full",
    arguments: [
      0, 1, -1, 9, 10, 99, 100, -100, 999_999_999_999, 1_000_000_000_000_000_000, 999_999_999_999_999_999,
      .max, .min, .max - 1, .min + 1,
    ] as [Int64])
  func integers(value: Int64) {
    #expect(written { $0.write(value) } == String(value))
  }

  @Test(
    "quantities past 64 bits are written in full",
    arguments: [0, -7, Quantity(Int64.max), Quantity(Int64.max) + 1, Quantity(Int64.min) - 1, .max, .min] as [Quantity])
  func quantities(value: Quantity) {
    #expect(written { $0.write(value) } == String(value))
  }

  @Test(
    "dollars are exact to the picodollar, without trailing zeros",
    arguments: [
      (0, "0"), (1, "0.000000000001"), (-1, "-0.000000000001"), (10, "0.00000000001"),
      (1_000_000_000_000, "1"), (1_000_000_000_001, "1.000000000001"), (2_500_000_000_000, "2.5"),
      (-500_000_000_000, "-0.5"), (120_000_000_000_000, "120"), (999_999_999_999, "0.999999999999"),
      (Quantity(Int64.max), "9223372.036854775807"), (Quantity(Int64.min), "-9223372.036854775808"),
      (Quantity(Int64.max) + 1, "9223372.036854775808"),
      (.max, "170141183460469231731687303.715884105727"), (.min, "-170141183460469231731687303.715884105728"),
    ] as [(Quantity, String)])
  func dollars(value: Quantity, expected: String) {
    #expect(written { $0.write(usd: value) } == expected)
  }

  @Test(
    "floating-point numbers are those that both formats read",
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (0.5, "0.5"), (-1.25, "-1.25"), (0.1, "0.1"), (1e15, "1000000000000000"),
      (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"), (9_223_372_036_854_775_808, "9.223372036854776e+18"),
      (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (-.nan, "NaN"),
    ] as [(Double, String)])
  func doubles(value: Double, expected: String) {
    #expect(written { $0.write(value) } == expected)
  }

  @Test(
    "instants are seconds to the millisecond, before 1970 too",
    arguments: [
      (0, "0"), (1_000_000_000, "1"), (1_500_000_000, "1.500"), (1_001_999_999, "1.001"),
      (1_750_075_200_000_000_000, "1750075200"), (-1_000_000_000, "-1"), (-1_500_000_000, "-1.500"),
      (-1_000_000, "-0.001"), (-999_999, "0"), (.max, "9223372036.854"), (.min, "-9223372036.854"),
    ] as [(Int64, String)])
  func instants(nanoseconds: Int64, expected: String) {
    #expect(written { $0.write(Instant(nanoseconds: nanoseconds)) } == expected)
  }

  @Test("whatever its length, a text leaves as it came, in pieces of at most 64 KiB or as one")
  func pieces() {
    for size in [0, 1, 65_535, 65_536, 65_537, 200_000] {
      let pieces = Pieces()
      var writer = PageWriter { pieces.take($0) }
      writer.write("start ")
      writer.write([UInt8](repeating: UInt8(ascii: "x"), count: size))
      writer.write(Int64.min)
      writer.flush()
      #expect(pieces.text == "start " + String(repeating: "x", count: size) + String(Int64.min))
      #expect(pieces.pieces.allSatisfy { !$0.isEmpty && ($0.count <= 65_536 || $0.count == size) })
    }
  }

  @Test("a number that meets the end of the buffer is not torn")
  func numbersAtTheEdge() {
    for room in 0...24 {
      let filling = String(repeating: "x", count: 65_536 - room)
      #expect(
        written {
          $0.write(filling); $0.write(Int64.min)
        } == filling + String(Int64.min))
      #expect(
        written {
          $0.write(filling); $0.write(usd: 1)
        } == filling + "0.000000000001")
    }
  }

  @Test("a label's value is escaped, and keeps to its line")
  func labels() {
    let family = MetricFamily.gauge(
      "g", "Help.",
      [
        MetricFamily.Sample(
          .integer(1), labels: [(name: "a", value: "\\ \" \n \r \u{0} \u{7F} é"), (name: "b", value: "")])
      ])
    let page = written { $0.write(family, format: .text) }
    #expect(
      page == "# HELP g Help.\n# TYPE g gauge\ng{a=\"\\\\ \\\" \\n \u{FFFD} \u{FFFD} \u{FFFD} é\",b=\"\"} 1\n")
  }

  @Test("a family is named as its format wants it")
  func familyNames() {
    let counter = MetricFamily.counter("c", "C.", 1)
    let info = MetricFamily("i", .info, "I.", [MetricFamily.Sample(.integer(1))])
    #expect(written { $0.write(counter, format: .text) } == "# HELP c_total C.\n# TYPE c_total counter\nc_total 1\n")
    #expect(written { $0.write(counter, format: .openMetrics) } == "# HELP c C.\n# TYPE c counter\nc_total 1\n")
    #expect(written { $0.write(info, format: .text) } == "# HELP i_info I.\n# TYPE i_info gauge\ni_info 1\n")
    #expect(written { $0.write(info, format: .openMetrics) } == "# HELP i I.\n# TYPE i info\ni_info 1\n")
  }

  @Test("a family without samples leaves no trace")
  func emptyFamily() {
    #expect(written { $0.write(.gauge("g", "G.", []), format: .text) } == "")
  }
}
