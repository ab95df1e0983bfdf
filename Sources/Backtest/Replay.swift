package import BudgetCore

/// Runs a trace through the core: each minute of its time is a step, housekeeping included.
///
/// A row's use is spread evenly over the time that the row covers. The clock is the trace's; nothing waits.
package struct Replay: ~Copyable {
  var ledger: Ledger
  private let trace: Trace
  private var cursor = 0
  /// Rows whose time is not over, with what of them was used.
  private var open: [(row: Int, used: Trace.Row)] = []
  /// Seconds since 1970: all before is done.
  package private(set) var time: Int64
  /// When the last row's time is over, rounded up to a whole day.
  package let end: Int64

  package static let step: Int64 = 60

  package init(_ trace: Trace, settings: LedgerSettings) {
    self.trace = trace
    ledger = Ledger(settings: settings, seed: 1)
    let first = trace.rows.first?.time ?? Trace.origin
    time = first - first % 86_400
    let last = (trace.rows.last?.time ?? time).saturatingAdd(max(1, trace.rowLength))
    end = last + (86_400 - last % 86_400) % 86_400
  }

  package var now: Moment { Moment(Instant(seconds: time)) }

  package var isAtEnd: Bool { time >= end }

  /// Uses what is used up to a minute from now.
  package mutating func advance() {
    ledger.maintain(now: now)
    while cursor < trace.rows.count, trace.rows[cursor].time < time + Self.step {
      open.append((cursor, Trace.Row(time: 0, subject: trace.rows[cursor].subject)))
      cursor += 1
    }
    for index in open.indices { useShare(index) }
    open.removeAll { trace.rows[$0.row].time + trace.rowLength <= time + Self.step }
    if ledger.hasEvents { _ = ledger.takeEvents() }
    time += Self.step
  }

  private mutating func useShare(_ index: Int) {
    let row = trace.rows[open[index].row]
    let passed = min(trace.rowLength, time + Self.step - row.time)
    func due(_ amount: Int64, _ used: Int64) -> Int64 {
      trace.rowLength == 0
        ? amount : Int64(clamping: Quantity(amount) * Quantity(passed) / Quantity(trace.rowLength)) - used
    }
    let used = open[index].used
    let (input, output) = (due(row.inputTokens, used.inputTokens), due(row.outputTokens, used.outputTokens))
    let requests = due(row.requests, used.requests)
    let cost = trace.rowLength == 0 ? row.cost : row.cost * Quantity(passed) / Quantity(trace.rowLength) - used.cost
    open[index].used.inputTokens += input
    open[index].used.outputTokens += output
    open[index].used.requests += requests
    open[index].used.cost += cost
    guard input > 0 || output > 0 || requests > 0 || cost > 0 else { return }
    var spend = Spend(cost: cost, requests: requests)
    if input > 0 { spend.tokens.append(TokenAmount(kind: .input, count: input)) }
    if output > 0 { spend.tokens.append(TokenAmount(kind: .output, count: output)) }
    _ = ledger.record(spend, tags: trace.tags[row.subject], now: now)
  }
}
