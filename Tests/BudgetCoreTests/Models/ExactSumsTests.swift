import BudgetCore
import NaiveLedger
import Testing

@Suite("Sums of awkward prices")
struct ExactSumsTests {
  /// A thousand million: `simulate sums --additions 1000000000`.
  @Test("a million lines add up to the picodollar")
  func million() {
    var sums = ExactSums()
    #expect(sums.total == .zero)
    sums.add(batches: 1_000_000 / ExactSums.linesPerBatch)
    let differences = sums.differences()
    #expect(differences == [])
  }
}
