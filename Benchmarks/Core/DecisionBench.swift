import BudgetCore

/// Reserve and settle, check and record on one ledger that has seen every combination of tags before.
struct DecisionBench: ~Copyable {
  private let workload: Workload
  private var ledger = Ledger(settings: Workload.settings, seed: Workload.seed)
  private var now = Workload.start
  /// Open reservations, each at the place of the step that settles it.
  private var open: [ReservationID] = []
  private var next = 0

  private static let inFlight = 1000
  /// How far time moves on at each step: as fast as it would at the rate that is aimed at.
  private static let stepTime = Interval(nanoseconds: 1000)

  init(workload: Workload) {
    self.workload = workload
    let requests = workload.tags.map { Workload.request($0) }
    for request in requests { _ = ledger.record(Workload.actual, tags: request.tags, now: Moment(now)) }
    for _ in 0..<Self.inFlight { open.append(reserve(requests[0])) }
    for request in requests { pair(request, actual: Workload.actual) }
  }

  mutating func run(rounds: Int, into report: inout Report) {
    report.add("reserve and settle", pairs(rounds: rounds))
    report.add(
      "check", rates(rounds: rounds) { $0.check($1, now: $2).verdict == .allow })
    report.add(
      "record",
      rates(rounds: rounds) { ledger, request, now in
        if case .counted = ledger.record(Workload.actual, tags: request.tags, now: now) { true } else { false }
      })
    precondition(ledger.checkInvariants().isEmpty, "the ledger is out of order")
  }

  private mutating func pairs(rounds: Int) -> [Figure] {
    var rates: [Double] = []
    for _ in 0..<rounds {
      var spent: Int64 = 0
      workload.forEachBatch { requests, actuals in
        let start = Clock.thread.nanoseconds
        for index in requests.indices { pair(requests[index], actual: actuals[index]) }
        spent += Clock.thread.nanoseconds - start
      }
      rates.append(Double(workload.order.count) / Double(spent) * 1e9)
    }
    var times = Latencies()
    workload.forEachBatch { requests, actuals in
      for index in requests.indices {
        let start = Clock.monotonic.nanoseconds
        pair(requests[index], actual: actuals[index])
        times.append(Clock.monotonic.nanoseconds - start)
      }
    }
    return [Figure("pairs_per_s", rates.median)] + times.figures
      + [Figure("p50_ns_of_the_clock_itself", Latencies.ofTheClock.quantile(0.5))]
  }

  private mutating func rates(rounds: Int, _ step: (inout Ledger, SpendRequest, Moment) -> Bool) -> [Figure] {
    var rates: [Double] = []
    for _ in 0..<rounds {
      var count = 0
      var spent: Int64 = 0
      workload.forEachBatch { requests, _ in
        let start = Clock.thread.nanoseconds
        for request in requests {
          now = now + Self.stepTime
          if step(&ledger, request, Moment(now)) { count += 1 }
        }
        spent += Clock.thread.nanoseconds - start
      }
      rates.append(Double(workload.order.count) / Double(spent) * 1e9)
      precondition(count == workload.order.count, "a step failed")
    }
    return [Figure("per_s", rates.median)]
  }

  @inline(__always)
  private mutating func pair(_ request: SpendRequest, actual: Spend) {
    now = now + Self.stepTime
    let oldest = open[next]
    open[next] = reserve(request)
    next = next + 1 == Self.inFlight ? 0 : next + 1
    guard case .settled(_, isRepeat: false) = ledger.settle(oldest, actual: actual, now: Moment(now)) else {
      preconditionFailure("a reservation could not be settled")
    }
  }

  @inline(__always)
  private mutating func reserve(_ request: SpendRequest) -> ReservationID {
    let outcome = ledger.reserve(request, ttl: nil, secret: 7, now: Moment(now))
    guard case .granted(let id, _, _) = outcome else { preconditionFailure("a reservation was not granted") }
    return id
  }
}
