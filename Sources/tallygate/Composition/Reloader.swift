import BudgetCore
import Configuration
import ControlServer
import Exposition
import LedgerAccess
import Logging
import NIOConcurrencyHelpers
import Snapshots

/// Reads the configuration again: on SIGHUP and on `POST /-/reload`.
///
/// Budgets, pools, prices, labels, bounds and all else that the ledger is told act on the next decision. A
/// configuration with an error changes nothing. Listeners, files and the log are set up at the start only.
final class Reloader: Sendable {
  private let flags: RunFlags
  private let environment: Environment
  private let ledger: SharedLedger
  private let logger: Logger
  /// Reloads do not overlap.
  private let reloading = NIOLock()
  private let state: NIOLockedValueBox<State>

  private struct State {
    var running: RunSettings
    var isNewest = true
    var read: Instant
  }

  init(settings: RunSettings, flags: RunFlags, environment: Environment, ledger: SharedLedger, logger: Logger) {
    self.flags = flags
    self.environment = environment
    self.ledger = ledger
    self.logger = logger
    state = NIOLockedValueBox(State(running: settings, read: ledger.now().wall))
  }

  /// - Returns: what of the state or of the file could not be taken over, in sentences.
  @discardableResult
  func reload() -> Result<[String], StartError> {
    reloading.withLock {
      do throws(StartError) {
        let (settings, report) = try apply()
        var sentences = settings.loaded.warnings + report.sentences
        state.withLockedValue { state in
          if !settings.isStarted(like: state.running) {
            sentences.append("Listeners, files, state and log are as at the start: restart to change them.")
          }
          state.isNewest = true
          state.read = ledger.now().wall
        }
        logger.notice("The configuration was reloaded", metadata: ["budgets": "\(ledger.settings.budgets.count)"])
        for sentence in sentences { logger.warning("\(sentence)") }
        return .success(sentences)
      } catch {
        state.withLockedValue { $0.isNewest = false }
        logger.error("The configuration was not reloaded: the one before goes on", metadata: ["error": "\(error)"])
        return .failure(error)
      }
    }
  }

  private func apply() throws(StartError) -> (RunSettings, RestoreReport) {
    let settings = try RunSettings(flags: flags, environment: environment)
    do throws(SnapshotError) {
      let report = try ledger.reconfigure { (capture, now) throws(SnapshotError) in
        try SnapshotFile.reconfigure(
          capture, settings: settings.loaded.configuration.ledger, seed: ledger.seed, now: now)
      }
      return (settings, report)
    } catch {
      throw StartError("The state could not be taken over: \(error)")
    }
  }

  func families() -> [MetricFamily] {
    let now = state.withLockedValue { $0 }
    return [
      .gauge(
        "tallygate_config_last_reload_successful", "Whether the configuration in use is the newest one.",
        now.isNewest ? 1 : 0),
      .gauge(
        "tallygate_config_last_reload_success_timestamp_seconds", "When the configuration in use was read.",
        [MetricFamily.Sample(.instant(now.read))]),
    ]
  }
}

extension RunSettings {
  /// Whether what only a start sets up is the same.
  fileprivate func isStarted(like other: RunSettings) -> Bool {
    let (mine, others) = (loaded.configuration, other.loaded.configuration)
    return mine.listeners == others.listeners && mine.control == others.control && mine.state == others.state
      && mine.log == others.log && mine.enforce == others.enforce
  }
}
