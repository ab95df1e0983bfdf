import Audit
import BudgetCore
import ControlServer
import Exposition
import JSONText
import Logging

/// What is kept of operators' acts and of denials; without a state directory nothing is.
struct AuditKeeper: Sendable {
  let log: AuditLog?
  let denials = DenialTally()

  init(stateDirectory: String?) {
    log = stateDirectory.map { AuditLog(AuditDirectory(stateDirectory: $0), logger: Logger(label: "audit")) }
  }

  /// Keeps how often what was denied since the last call.
  func summarise(at now: Instant) {
    guard let members = denials.take() else { return }
    log?.append(AuditEntry(.denials, at: now, members: members))
  }

  /// Another configuration that nobody asked for over HTTP: a signal, or the file itself.
  func reloaded(by cause: Reloader.Cause, _ changes: [String], at now: Instant) {
    guard cause != .request else { return }
    log?.append(
      AuditEntry(
        .act, at: now,
        members: [
          "who": .string(cause.rawValue), "verb": .string("reload"),
          "after": .object(["changes": .array(changes.map { .string($0) })]),
        ]))
  }

  func close(at now: Instant) {
    summarise(at: now)
    log?.close()
  }

  func families() -> [MetricFamily] {
    guard let statistics = log?.statistics else { return [] }
    return [
      .counter("tallygate_audit_records", "Records written to the audit.", statistics.records),
      .counter(
        "tallygate_audit_records_lost", "Records left out of the audit, because the disk took none for too long.",
        statistics.lost),
      .counter("tallygate_audit_write_failures", "Times that the disk refused a record.", statistics.failures),
      .gauge(
        "tallygate_audit_failing", "Whether the disk refuses records now; decisions go on.",
        statistics.isFailing ? 1 : 0),
    ]
  }
}
