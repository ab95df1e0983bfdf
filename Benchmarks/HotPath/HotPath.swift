import ArgumentParser
import BudgetCore
import LedgerAccess
import UsageProtocol

/// `hotpath`: usage lines from bytes to all counters and the usage log, a given number of times and nothing else.
///
/// Made to be run twice under an instruction counter: the difference of two runs with different numbers of rounds is
/// what the lines of the further rounds cost, whatever the process does to start and end.
@main
struct HotPath: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hotpath", abstract: "Apply the same datagrams of usage lines again and again.")

  enum Work: String, CaseIterable, ExpressibleByArgument { case lines, decisions }

  @Option(help: "What to do: lines, or decisions (one pair of reserve and settle for two series).")
  var work = Work.lines

  @Option(help: "How often the datagrams are applied after the first time.")
  var rounds = 10

  @Option(help: "Budgets that match each line: 0 to 5.")
  var matching = 3

  @Option(help: "Budgets that match no line.")
  var other = 0

  @Option(help: "Series, each with as many lines in a round.")
  var series = 1_000

  func validate() throws {
    guard (0...100_000).contains(rounds) else { throw ValidationError("--rounds must be 0 to 100000; got \(rounds).") }
    guard (0...5).contains(matching) else { throw ValidationError("--matching must be 0 to 5; got \(matching).") }
    guard (0...10_000).contains(other) else { throw ValidationError("--other must be 0 to 10000; got \(other).") }
    guard (1...1_000_000).contains(series) else {
      throw ValidationError("--series must be 1 to 1000000; got \(series).")
    }
  }

  func run() throws {
    let settings = Pod.settings(matching: matching, other: other, series: series)
    switch work {
    case .lines: applyLines(settings)
    case .decisions: decide(settings)
    }
  }

  private func decide(_ settings: LedgerSettings) {
    var decisions = Decisions(settings: settings, series: series)
    for _ in 0...rounds { decisions.round() }
    print("{\"pairs\": \(decisions.pairs)}")
  }

  private func applyLines(_ settings: LedgerSettings) {
    let journal = CountingJournal()
    let clock = SteppingClock()
    var ledger = Ledger(settings: settings, seed: 0x5eed)
    ledger.log.isOn = true
    let shared = SharedLedger(ledger, clock: { clock.next() }, journal: journal)
    let counters = LineCounters()
    let intake = LineIntake(source: .udp, ledger: shared, counters: counters)
    let datagrams = Pod.datagrams(series: series)
    for _ in 0...rounds { apply(datagrams, to: intake) }

    let tally = counters.total
    let lines = Int64(series) * Int64(rounds + 1)
    precondition(tally.lines == lines && !tally.hasRefusals, "\(tally.lines) of \(lines) lines were counted")
    precondition(journal.byteCount > 8 * lines, "the usage log is too short")
    print("{\"lines\": \(lines), \"log_bytes\": \(journal.byteCount)}")
  }

  /// As a receiver does it: many datagrams, one step for all of them.
  private func apply(_ datagrams: [[UInt8]], to intake: LineIntake) {
    for (number, datagram) in datagrams.enumerated() {
      datagram.withUnsafeBytes { intake.parse($0) }
      if number % 32 == 31 { intake.handOver() }
    }
    intake.handOver()
  }
}
