import BudgetCore
import Testing

@Suite("Money as text")
struct MoneyTextTests {
  @Test(
    "dollars are written exactly, without zeros at the end",
    arguments: [
      (0, "0"), (1, "0.000000000001"), (-1, "-0.000000000001"), (500_000_000_000, "0.5"), (12_500_000_000, "0.0125"),
      (3_000_000_000_000, "3"), (-10_000_000_000_000, "-10"), (999_999_999_999, "0.999999999999"),
      (Quantity(UInt64.max), "18446744.073709551615"), (Quantity(UInt64.max) + 1, "18446744.073709551616"),
      (Quantity(UInt64.max) * 1_000_000_000_000, "18446744073709551615"),
      (Quantity(UInt64.max) * 1_000_000_000_000 + 1_000_000_000_000, "18446744073709551616"),
      (.max, "170141183460469231731687303.715884105727"), (.min, "-170141183460469231731687303.715884105728"),
    ] as [(Quantity, String)])
  func texts(picodollars: Quantity, text: String) {
    #expect(Money(picodollars: picodollars).decimalString == text)
    #expect(text.utf8.count <= Money.longestText)
  }
}
