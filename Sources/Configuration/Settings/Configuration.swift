package import BudgetCore

/// Everything that a configuration file says, validated.
///
/// Paths are absolute or relative to the working directory; in the file they are relative to the file's folder.
package struct Configuration: Sendable {
  /// Budgets, labels, scopes and bounds. Prices are loaded by whoever follows `prices`.
  package var ledger = LedgerSettings()
  package var prices = PriceSettings()
  package var listeners = ListenerSettings()
  package var authorize = AuthorizeSettings()
  package var control = ControlSettings()
  package var state = StateSettings()
  package var log = LogSettings()
  package var enforce = EnforceSettings()

  package init() {}

  /// What runs without a file: usage is counted and exported, no budget limits it.
  package static let `default` = Configuration()
}
