import NIOConcurrencyHelpers
package import UsageProtocol

/// How many lines came from each source and why some were not counted; written by the receiving threads
/// once a batch, read by scrapes.
package final class LineCounters: Sendable {
  private let tallies = NIOLockedValueBox([UsageSource: LineTally]())

  package init() {}

  package func add(_ tally: LineTally, from source: UsageSource) {
    tallies.withLockedValue { $0[source, default: LineTally()].add(tally) }
  }

  package func tally(of source: UsageSource) -> LineTally {
    tallies.withLockedValue { $0[source] ?? LineTally() }
  }

  /// Over all sources.
  package var total: LineTally {
    tallies.withLockedValue { all in
      var sum = LineTally()
      for tally in all.values { sum.add(tally) }
      return sum
    }
  }
}
