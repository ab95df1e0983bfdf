import BudgetCore
import Configuration
import ControlServer
import Exposition
import LedgerAccess
import Logging
import NIOConcurrencyHelpers
import Snapshots

/// Reads the configuration again: on SIGHUP, on `POST /-/reload`, and when the file changed.
///
/// Budgets, pools, prices, labels, bounds and all else that the ledger is told act on the next decision. A
/// configuration with an error changes nothing. Listeners, files and the log are set up at the start only.
final class Reloader: Sendable {
  private let flags: RunFlags
  private let environment: Environment
  private let ledger: SharedLedger
  private let audit: AuditKeeper
  private let logger: Logger
  /// Reloads do not overlap.
  private let reloading = NIOLock()
  private let state: NIOLockedValueBox<State>

  fileprivate struct State {
    var running: RunSettings
    var isNewest = true
    var read: Instant
    var reloads: [Cause: Int64] = [:]
    var failures: Int64 = 0
    /// What reloads changed since the start, counted by kind.
    var changes: [String: Int64] = [:]
  }

  /// What asked for it.
  enum Cause: String, CaseIterable { case signal, request, file }

  init(
    settings: RunSettings, flags: RunFlags, environment: Environment, ledger: SharedLedger, audit: AuditKeeper,
    logger: Logger
  ) {
    self.audit = audit
    self.flags = flags
    self.environment = environment
    self.ledger = ledger
    self.logger = logger
    state = NIOLockedValueBox(State(running: settings, read: ledger.now().wall))
  }

  @discardableResult
  func reload(_ cause: Cause) -> Result<Reloaded, StartError> {
    reloading.withLock {
      do throws(StartError) {
        let before = ledger.settings
        let (settings, report) = try apply()
        let change = ConfigurationChange(from: before, to: ledger.settings)
        var sentences = settings.loaded.warnings + report.sentences
        state.withLockedValue { state in
          if !settings.isStarted(like: state.running) {
            sentences.append("Listeners, files, state and log are as at the start: restart to change them.")
          }
          state.isNewest = true
          state.read = ledger.now().wall
          state.reloads[cause, default: 0] += 1
          state.count(change)
        }
        logger.notice(
          "The configuration was reloaded",
          metadata: [
            "budgets": "\(ledger.settings.budgets.count)", "cause": "\(cause.rawValue)",
            "changes": "\(change.isEmpty ? "none" : change.sentences.joined(separator: "; "))",
          ])
        for sentence in sentences { logger.warning("\(sentence)") }
        audit.reloaded(by: cause, change.sentences, at: ledger.now().wall)
        return .success(Reloaded(changes: change.sentences, warnings: sentences))
      } catch {
        state.withLockedValue {
          $0.isNewest = false
          $0.failures += 1
        }
        logger.error("The configuration was not reloaded: the one before goes on", metadata: ["error": "\(error)"])
        return .failure(error)
      }
    }
  }

  /// The files whose change is another configuration.
  var files: [String] {
    let running = state.withLockedValue { $0.running }
    return [running.loaded.file, running.loaded.pricesFile].compactMap { $0 }
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
      .counter(
        "tallygate_config_reloads", "Times that the configuration was read again and taken over, by what asked for it.",
        Cause.allCases.map { cause in
          MetricFamily.Sample(.integer(now.reloads[cause] ?? 0), labels: [(name: "cause", value: cause.rawValue)])
        }),
      .counter(
        "tallygate_config_reload_failures", "Times that a configuration was refused and the one before went on.",
        now.failures),
      .counter(
        "tallygate_config_changes", "What reloads changed: budgets added, removed and changed, and other parts.",
        ["budget_added", "budget_removed", "budget_changed", "other"].map { kind in
          MetricFamily.Sample(.integer(now.changes[kind] ?? 0), labels: [(name: "change", value: kind)])
        }),
    ]
  }
}

/// What a reload did, in sentences.
struct Reloaded: Sendable {
  var changes: [String]
  /// What of the state or of the file could not be taken over.
  var warnings: [String]
}

extension Reloader.State {
  fileprivate mutating func count(_ change: ConfigurationChange) {
    changes["budget_added", default: 0] += Int64(change.added.count)
    changes["budget_removed", default: 0] += Int64(change.removed.count)
    changes["budget_changed", default: 0] += Int64(change.changed.count)
    changes["other", default: 0] += Int64(change.parts.count)
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
