package import BudgetCore

/// What callers who ask before they spend would have met: how many calls were denied, and how many waited.
///
/// Each subject of a trace has a caller for each priority, who makes its share of the calls of a minute one after the
/// other, several calls in one reservation. Who is told a delay waits it out; what was not done in a minute is done
/// later, on a later day too. What is denied is lost. Each account's limit is the mean of what was wanted on the seven
/// days before.
package struct CallerTrial: Sendable {
  /// In calls of the trace.
  package struct Counts: Sendable {
    package var granted: Int64 = 0
    package var denied: Int64 = 0
    /// Those of the granted that waited, and those that were made on a later day than they were wanted.
    package var delayed: Int64 = 0
    package var late: Int64 = 0
    /// Not made when the trace ended.
    package var waiting: Int64 = 0

    package static func + (left: Counts, right: Counts) -> Counts {
      Counts(
        granted: left.granted + right.granted, denied: left.denied + right.denied,
        delayed: left.delayed + right.delayed, late: left.late + right.late, waiting: left.waiting + right.waiting)
    }
  }

  /// Of a hundred calls, those of each priority.
  package static let shares: [(priority: Priority, percent: Int64)] = [
    (.critical, 10), (.high, 20), (.normal, 50), (.low, 20),
  ]

  /// In the order of `shares`.
  package private(set) var counts = [Counts](repeating: Counts(), count: shares.count)

  package var total: Counts { counts.reduce(Counts(), +) }

  private static let step: Int64 = 60
  private static let day: Int64 = 86_400

  /// Replays a trace with callers. O(rows x minutes in a row).
  /// - Parameter progress: is told the share that is done, once a day of the trace.
  package init(_ trace: Trace, settings: LedgerSettings, progress: (Double) -> Void) {
    guard let first = trace.rows.first?.time, let last = trace.rows.last?.time else { return }
    var ledger = Ledger(settings: settings, seed: 1)
    var callers = trace.tags.flatMap { tags in
      Self.shares.indices.map { TrialCaller(tags: tags, share: $0) }
    }
    let begin = first - first % Self.day
    let end = last + max(Self.step, trace.rowLength)
    let limits = TrialLimits(trace, from: begin, to: end)
    var cursor = 0
    var open: [Trace.Row] = []
    var time = begin
    while time < end {
      let now = Moment(Instant(seconds: time))
      ledger.maintain(now: now)
      if ledger.hasEvents { _ = ledger.takeEvents() }
      if (time - begin) % Self.day == 0 {
        limits.set(&ledger, trace, day: Int((time - begin) / Self.day), now: now)
        progress(Double(time - begin) / Double(end - begin))
      }
      while cursor < trace.rows.count, trace.rows[cursor].time < time + Self.step {
        open.append(trace.rows[cursor])
        cursor += 1
      }
      open.removeAll { $0.time + max(Self.step, trace.rowLength) <= time }
      let minutes = max(1, trace.rowLength / Self.step)
      for row in open {
        for share in Self.shares.indices {
          callers[row.subject * Self.shares.count + share].want(row, minutes: minutes, at: time)
        }
      }
      // Second by second, so that callers of one account come in the order of time.
      let waiting = callers.indices.filter { callers[$0].isWaiting }
      for second in time..<time + Self.step {
        for index in waiting { callers[index].call(from: second, until: second + 1, &ledger, &counts) }
      }
      time += Self.step
    }
    for caller in callers { counts[caller.share].waiting += caller.waitingCalls }
  }
}
