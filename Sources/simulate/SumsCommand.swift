import ArgumentParser
import BudgetCore
import NaiveLedger

/// `simulate sums`: a great many additions of awkward prices, exact to the picodollar.
struct SumsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sums",
    abstract: "Add up awkward prices in the ledger and compare the sums with exact ones.",
    discussion: """
      Lines of one token at 2.5 USD a million, at a third of a dollar a million, of costs with twelve decimal places: \
      counted one by one, and compared with what one multiplication each gives in 128 bits.

      Example:
        simulate sums --additions 1000000000
      """)

  @Option(help: "How many lines to count, in whole thousands.")
  var additions = 1_000_000

  func run() throws {
    var sums = ExactSums()
    sums.add(batches: additions / ExactSums.linesPerBatch)
    let differences = sums.differences()
    for difference in differences { print(difference) }
    print(
      "\(sums.batches * ExactSums.linesPerBatch) lines: \(sums.total.decimalString) USD, "
        + "\(differences.isEmpty ? "exact" : "not exact")")
    guard differences.isEmpty else { throw ExitCode(1) }
  }
}
