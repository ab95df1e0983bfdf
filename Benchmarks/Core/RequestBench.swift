import BudgetCore

/// What it costs to make the request of a call from its tags.
struct RequestBench {
  let workload: Workload

  func costs(rounds: Int) -> [Figure] {
    var costs: [Double] = []
    for _ in 0..<rounds {
      var count = 0
      let start = Clock.thread.nanoseconds
      for place in workload.order {
        let request = Workload.request(workload.tags[Int(place)])
        if !request.partial { count += 1 }
      }
      costs.append(Double(Clock.thread.nanoseconds - start) / Double(count))
    }
    return [Figure("ns", costs.median)]
  }
}
