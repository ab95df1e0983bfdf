package import BudgetCore

/// The whole of `/metrics`, from a view of the ledger and whatever else the sidecar tells of itself.
package struct MetricsPage: Sendable {
  private let view: LedgerView
  private let settings: LedgerSettings
  private let now: Instant
  private let others: [MetricFamily]
  private let includesGenAINames: Bool

  /// - Parameters:
  ///   - others: families of the sidecar itself: lines, sockets, snapshots, process.
  ///   - includesGenAINames: whether traffic is there under OpenTelemetry's names too.
  package init(
    view: LedgerView, settings: LedgerSettings, now: Instant, others: [MetricFamily], includesGenAINames: Bool = false
  ) {
    self.includesGenAINames = includesGenAINames
    self.view = view
    self.settings = settings
    self.now = now
    self.others = others
  }

  /// Writes the page in pieces of up to 64 KiB, each valid during the call only. O(series).
  package func write(_ format: ExpositionFormat, to take: @escaping (UnsafeRawBufferPointer) -> Void) {
    var writer = PageWriter(take: take)
    writer.writeSeries(view, format: format)
    if includesGenAINames { writer.writeGenAI(view, format: format) }
    writer.writeAccounts(view, settings: settings, now: now, format: format)
    writer.writeScopes(view, settings: settings, format: format)
    writer.writeSessions(view.activities, format: format)
    let families =
      LedgerFamilies.families(view, settings: settings) + PoolFamilies.families(view) + EstimateFamilies.families(view)
      + ActivityFamilies.families(view) + others
    for family in families { writer.write(family, format: format) }
    if format == .openMetrics { writer.write("# EOF\n") }
    writer.flush()
  }

  package func bytes(_ format: ExpositionFormat) -> [UInt8] {
    var bytes: [UInt8] = []
    write(format) { bytes.append(contentsOf: $0) }
    return bytes
  }
}
