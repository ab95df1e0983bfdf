package import BudgetCore

/// What a snapshot shows to readers, whether it is still in memory or was read from a file.
package protocol SnapshotRows {
  var moment: Moment { get }
  /// The number of the last journal record that the state includes.
  var sequence: UInt64 { get }
  /// About how many bytes the rows take.
  var estimatedLength: Int { get }
  var savedTallies: [SavedTally] { get }
  var namedCounters: [(name: String, value: Quantity)] { get }
  var unpricedModels: [String] { get }
  func forEachSeries(_ body: (SavedSeries) -> Void)
  func forEachAccount(_ body: (SavedAccount) -> Void)
  func forEachScope(_ body: (SavedScope) -> Void)
}

extension LedgerCapture: SnapshotRows {
  package var namedCounters: [(name: String, value: Quantity)] { counters.named }
}
