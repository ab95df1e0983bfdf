import BudgetCore

/// Lines that were parsed before, applied.
struct LineBench {
  private let lines: AppliedLines

  init(workload: Workload) { lines = AppliedLines(workload: workload) }

  func rates(rounds: Int) -> [Figure] {
    var ledger = Ledger(settings: Workload.settings, seed: Workload.seed)
    lines.sweep.withUnsafeBufferPointer { ledger.apply($0, now: Moment(Workload.start)) }
    var now = Workload.start
    var rates: [Double] = []
    for _ in 0..<rounds {
      let start = Clock.thread.nanoseconds
      lines.forEachBatch { batch in
        now = now + Interval(nanoseconds: 200_000)
        ledger.apply(batch, now: Moment(now))
      }
      rates.append(Double(lines.count) / Double(Clock.thread.nanoseconds - start) * 1e9)
    }
    return [Figure("per_s", rates.median)]
  }
}
