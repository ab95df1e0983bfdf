import Backtest
import BudgetCore
import Glibc
import LedgerAccess
import Snapshots

// Replaying what a sidecar wrote down itself.
extension ReplayCommand {
  /// - Returns: `nil` when the path is neither a state directory nor a journal.
  func replayState(_ path: String, settings: LedgerSettings, options: Backtest.Options) throws(StartError) -> Backtest?
  {
    var watch = StateWatch(path: path, options: options)
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    if status.st_mode & S_IFMT == S_IFDIR {
      let recovery = ReadOnlyRecovery(directory: path, settings: settings)
      let warnings = recovery.run { ledger, now in watch.pass(&ledger, to: now) }.warnings
      for warning in warnings { StandardError.write("warning: \(warning)\n") }
      return try watch.finish()
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    do throws(FileError) {
      guard try StateFile.isJournal(path) else { return nil }
      var again = LedgerReplay(Ledger(settings: settings, seed: 0))
      let replay = try JournalDirectory.replay(file: path, seed: again.ledger.seed) { content, now in
        watch.pass(&again.ledger, to: now)
        again.apply(content, at: now)
      }
      for notice in replay.notices { StandardError.write("warning: \(notice)\n") }
    } catch {
      throw StartError("\(error)")
    }
    return try watch.finish()
  }

  /// A backtest of acts as they come, with a line of progress for each day.
  private struct StateWatch {
    let path: String
    let options: Backtest.Options
    private var backtest: Backtest?
    private var day: Int64 = 0

    init(path: String, options: Backtest.Options) {
      self.path = path
      self.options = options
    }

    mutating func pass(_ ledger: inout Ledger, to now: Moment) {
      // Without a snapshot and an act there is no moment.
      guard now.wall.nanoseconds > 0 else { return }
      // Taken out, so that nothing of it is copied.
      var running = backtest.take() ?? Backtest(options: options, from: now.wall.seconds)
      running.pass(&ledger, to: now)
      if running.traceSeconds / 86_400 > day {
        day = running.traceSeconds / 86_400
        StandardError.write("\(path): \(day) days\n")
      }
      backtest = running
    }

    mutating func finish() throws(StartError) -> Backtest {
      guard var result = backtest else {
        throw StartError("\(path): there is nothing to replay: no snapshot and no journal with an act.")
      }
      result.finish()
      return result
    }
  }
}
