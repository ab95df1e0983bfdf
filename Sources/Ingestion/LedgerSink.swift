package import LedgerAccess
package import UsageProtocol

/// Feeds what a receiver takes in to the ledger.
package final class LedgerSink: UsageSink {
  private let intakes: [LineIntake]
  private let sources: [UsageSource]

  /// - Parameter makeIntake: called once for each source that the receiver may have.
  package init(_ sources: [UsageSource], makeIntake: (UsageSource) -> LineIntake) {
    self.sources = sources
    intakes = sources.map(makeIntake)
  }

  package func receive(_ bytes: UnsafeRawBufferPointer, from source: UsageSource) {
    guard let index = sources.firstIndex(of: source) else { return }
    intakes[index].parse(bytes)
  }

  package func flush() {
    for intake in intakes { intake.handOver() }
  }
}
