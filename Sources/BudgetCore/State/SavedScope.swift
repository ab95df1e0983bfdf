/// The windowed counters of one value of a scope as they are stored.
package struct SavedScope: Sendable {
  /// The scope's tag, for example `agent`.
  package var scope: String
  package var value: String
  package var counters: LookbackCounters

  package init(scope: String, value: String, counters: LookbackCounters) {
    self.scope = scope
    self.value = value
    self.counters = counters
  }
}
