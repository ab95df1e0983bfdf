package import BudgetCore

/// What callers who ask before they spend would have met: how many calls were denied, and how many waited.
///
/// The calls of a trace's row are made in its minutes, one caller for each account of tags, one call after the other in
/// portions of a minute's. Who is told a delay waits it out before the next call, and what was not done in a minute is
/// done later. What is denied is lost.
package struct CallerTrial: Sendable {
  /// In calls of the trace.
  package private(set) var granted: Int64 = 0
  package private(set) var denied: Int64 = 0
  package private(set) var delayed: Int64 = 0
  /// Calls that had not been made when their window ended, and were made in a later one.
  package private(set) var late: Int64 = 0

  private static let portions: Int64 = 20

  /// A portion of a minute's calls.
  private struct Portion {
    var spend: Spend
    var calls: Int64
    var day: Int64
  }

  private struct Caller {
    var waiting: [Portion] = []
    var next = 0
    /// Seconds since 1970 before which it does not call.
    var restsUntil = 0.0
  }

  /// Replays a trace with callers; each account's limit is the mean of what was wanted on the seven days before.
  package init(_ trace: Trace, settings: LedgerSettings, progress: (Double) -> Void) {
    var ledger = Ledger(settings: settings, seed: 1)
    var callers = [Caller](repeating: Caller(), count: trace.tags.count)
    guard let first = trace.rows.first?.time, let last = trace.rows.last?.time else { return }
    let begin = first - first % 86_400
    let end = last + max(60, trace.rowLength)
    let demands = Self.demands(trace, from: begin, to: end)
    var cursor = 0
    var open: [Trace.Row] = []
    var time = begin
    while time < end {
      let now = Moment(Instant(seconds: time))
      ledger.maintain(now: now)
      if ledger.hasEvents { _ = ledger.takeEvents() }
      if (time - begin) % 86_400 == 0 {
        Self.setLimits(&ledger, trace, demands, day: Int((time - begin) / 86_400), now: now)
        progress(Double(time - begin) / Double(end - begin))
      }
      while cursor < trace.rows.count, trace.rows[cursor].time < time + 60 {
        open.append(trace.rows[cursor])
        cursor += 1
      }
      open.removeAll { $0.time + max(60, trace.rowLength) <= time }
      for row in open { queue(row, minutes: max(1, trace.rowLength / 60), at: time, &callers[row.subject]) }
      for index in callers.indices where callers[index].next < callers[index].waiting.count {
        call(&callers[index], tags: trace.tags[index], from: time, &ledger)
      }
      time += 60
    }
  }

  /// A minute's share of a row, in portions.
  private func queue(_ row: Trace.Row, minutes: Int64, at time: Int64, _ caller: inout Caller) {
    let calls = max(1, row.requests / minutes)
    let portions = min(Self.portions, calls)
    for number in 0..<portions {
      func share(_ amount: Int64) -> Int64 {
        let ofMinute = amount / minutes
        return ofMinute / portions + (number < ofMinute % portions ? 1 : 0)
      }
      let spend = Spend(
        tokens: [
          TokenAmount(kind: .input, count: share(row.inputTokens)),
          TokenAmount(kind: .output, count: share(row.outputTokens)),
        ], requests: share(row.requests))
      caller.waiting.append(
        Portion(spend: spend, calls: calls / portions + (number < calls % portions ? 1 : 0), day: time / 86_400))
    }
  }

  private mutating func call(_ caller: inout Caller, tags: TagSet, from time: Int64, _ ledger: inout Ledger) {
    var clock = max(Double(time), caller.restsUntil)
    while caller.next < caller.waiting.count, clock < Double(time + 60) {
      let portion = caller.waiting[caller.next]
      caller.next += 1
      let now = Moment(Instant(seconds: time) + .milliseconds(Int64((clock - Double(time)) * 1000)))
      switch ledger.reserve(SpendRequest(tags: tags, spend: portion.spend), ttl: nil, secret: 1, now: now) {
      case .granted(let id, let decision, _):
        _ = ledger.settle(id, actual: nil, now: now)
        granted += portion.calls
        if decision.delay > .zero { delayed += portion.calls }
        if time / 86_400 > portion.day { late += portion.calls }
        clock += decision.delay.inSeconds
      case .denied, .tableFull: denied += portion.calls
      }
    }
    caller.restsUntil = clock
    if caller.next == caller.waiting.count {
      caller.waiting.removeAll(keepingCapacity: true)
      caller.next = 0
    }
  }

  /// Tokens that each subject wants on each day from the first one on.
  private static func demands(_ trace: Trace, from begin: Int64, to end: Int64) -> [[Quantity]] {
    let days = Int((end - begin) / 86_400) + 2
    var demands = [[Quantity]](repeating: [Quantity](repeating: 0, count: days), count: trace.tags.count)
    for row in trace.rows {
      demands[row.subject][Int((row.time - begin) / 86_400)] += Quantity(row.inputTokens) + Quantity(row.outputTokens)
    }
    return demands
  }

  /// Sets each account's limit to the mean of what was wanted on the seven days before.
  private static func setLimits(
    _ ledger: inout Ledger, _ trace: Trace, _ demands: [[Quantity]], day: Int, now: Moment
  ) {
    guard day > 0 else { return }
    for (tags, wanted) in zip(trace.tags, demands) {
      let week = wanted[max(0, day - 7)..<day]
      let mean = week.reduce(0, +) / Quantity(week.count)
      for budget in ledger.settings.budgets where budget.unit == .tokens {
        let own = tags.tags.filter { budget.per.contains($0.key) }
        _ = ledger.override(
          budget: budget.name, unit: .tokens, tags: own, limit: max(1, mean), until: nil, now: now)
      }
    }
  }
}
