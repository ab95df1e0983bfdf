import BudgetCore
import CLinux
import Exposition
import Glibc
import LedgerAccess
import Logging
import NIOConcurrencyHelpers
import Supervision
import Synchronization
import Threads

/// Acts against a process while a budget is gone, on a thread of its own.
final class ProcessEnforcer: Sendable {
  private let rule: EnforceRule
  private let logger: Logger
  /// Readable when an event came, or the end.
  private let wake: Int32
  private let isEnding = Atomic<Bool>(false)
  private let isGone = Atomic<Bool>(false)
  private let failures = Atomic<Int64>(0)
  private let sent = NIOLockedValueBox<[Int32: Int64]>([:])
  private let thread = NIOLockedValueBox<NamedThread?>(nil)

  init(_ rule: EnforceRule, logger: Logger) throws(StartError) {
    self.rule = rule
    self.logger = logger
    wake = clinux_event_create()
    guard wake >= 0 else { throw StartError("No descriptor is left to hear of events.") }
  }

  /// Something happened to a budget: the accounts are looked at again.
  func notice(_ events: [LedgerEvent]) {
    if events.contains(where: { $0.budgetEvent != nil }) { _ = clinux_event_signal(wake) }
  }

  func start(_ ledger: SharedLedger) throws(StartError) {
    do throws(ThreadError) {
      let started = try NamedThread(name: "enforcer") { self.run(ledger) }
      thread.withLockedValue { $0 = started }
    } catch {
      throw StartError("No thread is left to enforce budgets.")
    }
  }

  func stop() {
    isEnding.store(true, ordering: .relaxed)
    _ = clinux_event_signal(wake)
    thread.withLockedValue { $0 }?.join()
  }

  private func run(_ ledger: SharedLedger) {
    var enforcement = TargetEnforcement(rule.target, action: rule.action, grace: rule.grace)
    // A state from before may be past a limit already.
    var pause = 0
    while true {
      _ = clinux_wait_readable([wake], 1, pause)
      clinux_event_clear(wake)
      if isEnding.load(ordering: .relaxed) {
        for signal in enforcement.release() { note(signal) }
        return
      }
      let gone = ledger.settings.budgets.contains { budget in
        rule.counts(budget) && ledger.accounts(budget: budget.name, where: [])?.contains { $0.isGone } == true
      }
      note(isGone: gone)
      for signal in enforcement.act(isGone: gone, now: ledger.now().steady) { note(signal) }
      // Calm, it waits for the next event; else for deadlines, and for who comes back under the name.
      pause = gone || enforcement.isBusy ? 250_000_000 : -1
    }
  }

  private func note(isGone gone: Bool) {
    guard isGone.exchange(gone, ordering: .relaxed) != gone else { return }
    let metadata: Logger.Metadata = ["target": "\(rule.target)", "action": "\(rule.action.rawValue)"]
    logger.notice(gone ? "A budget is gone: enforcing" : "Enforcing ends: the budgets last again", metadata: metadata)
  }

  private func note(_ signal: TargetEnforcement.Sent) {
    let metadata: Logger.Metadata = ["pid": "\(signal.pid)", "signal": "\(SignalName.text(signal.signal))"]
    guard signal.error == 0 else {
      failures.add(1, ordering: .relaxed)
      let reason = String(cString: strerror(signal.error))
      logger.error("A process could not be signalled", metadata: metadata.merging(["error": "\(reason)"]) { $1 })
      return
    }
    sent.withLockedValue { $0[signal.signal, default: 0] += 1 }
    logger.notice("Signalled a process", metadata: metadata)
  }

  func families() -> [MetricFamily] {
    let counts = sent.withLockedValue { $0 }
    return [
      .gauge(
        "tallygate_enforcement_active", "Whether a budget is gone and its process is acted against.",
        isGone.load(ordering: .relaxed) ? 1 : 0),
      .counter(
        "tallygate_enforcement_signals", "Signals sent to processes whose budget was gone.",
        SignalName.enforcing.map { signal in
          MetricFamily.Sample(
            .integer(counts[signal] ?? 0), labels: [(name: "signal", value: SignalName.text(signal))])
        }),
      .counter(
        "tallygate_enforcement_failures", "Signals that could not be sent.", failures.load(ordering: .relaxed)),
    ]
  }
}
