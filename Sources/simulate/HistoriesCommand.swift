import ArgumentParser
import BudgetCore
import NaiveLedger
import Snapshots

/// `simulate histories`: random histories on the core and on a naive ledger, which must agree on every number.
struct HistoriesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "histories",
    abstract: "Compare the budget core with a naive ledger over random histories.",
    discussion: """
      The naive ledger keeps lists of everything that happened and searches them; it shares no arithmetic with the \
      core, and finds calendar windows by reading the local clock every quarter of an hour. After each act use, \
      holds, limits, window ends and decisions of every account are compared, and waits that were foretold are tried.

      Examples:
        simulate histories --count 100000
        simulate histories --first 4711 --count 1 --verbose
      """)

  @Option(help: "The first seed.")
  var first: UInt64 = 0

  @Option(help: "How many histories, each from the next seed.")
  var count: UInt64 = 10_000

  @Option(help: "Steps of each history.")
  var steps = 60

  @Flag(help: "Print every step.")
  var verbose = false

  func run() throws {
    var tally = History.Tally()
    var failed = 0
    for seed in first..<(first &+ count) {
      var history = History(seed: seed, restart: Self.restart)
      let complaints = history.run(steps: steps, tracing: verbose)
      tally += history.tally
      guard !complaints.isEmpty else { continue }
      failed += 1
      print("seed \(seed) differs:")
      for complaint in complaints.prefix(5) { print("  \(complaint)") }
      if failed >= 10 { break }
    }
    print("\(count) histories of \(steps) steps: \(tally.description)")
    print("\(Int(count) - failed) passed, \(failed) failed")
    guard failed == 0 else { throw ExitCode(1) }
  }

  /// Through the bytes of a snapshot and back.
  private static func restart(_ ledger: inout Ledger, now: Moment) {
    do {
      let bytes = try SnapshotFile.encode(ledger.capture(now: now))
      let restored = try SnapshotFile.restore(bytes, settings: ledger.settings, seed: ledger.seed, now: now)
      ledger = restored.take()
    } catch {
      fatalError("the snapshot was refused: \(error)")
    }
  }
}
