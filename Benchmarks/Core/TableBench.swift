import BudgetCore

/// Single steps of the way of a line: finding what tags stand for, adding to a windowed counter.
struct TableBench {
  let workload: Workload

  /// In nanoseconds a look-up of the raw bytes of tags, hash known.
  func lookups(rounds: Int) -> [Figure] {
    let keys = workload.tags.map { tags in
      Array((tags.map { "\($0.key):\($0.value)" }.joined(separator: ",") + ",kind:input").utf8)
    }
    var table = KeyTable()
    var dictionary: [[UInt8]: Int] = [:]
    let hashes = keys.map { key in
      key.withUnsafeBytes { ByteHash.hash($0.baseAddress!, count: $0.count, seed: Workload.seed) }
    }
    for (number, key) in keys.enumerated() {
      key.withUnsafeBytes { _ = table.insert($0.baseAddress!, count: $0.count, hash: hashes[number]) }
      dictionary[key] = number
    }
    let found = (0..<rounds).map { _ in
      cost { place in
        keys[place].withUnsafeBytes { table.find($0.baseAddress!, count: $0.count, hash: hashes[place]) }
      }
    }
    let foundByHashing = (0..<rounds).map { _ in cost { dictionary[keys[$0]] ?? -1 } }
    return [Figure("ns", found.median), Figure("dictionary_ns", foundByHashing.median)]
  }

  /// In nanoseconds an addition to one of 250 counters of four windows each.
  func additions(rounds: Int) -> [Figure] {
    var counters = (0..<250).map { _ in LookbackCounters(tick: 0) }
    var sums = [Int64](repeating: 0, count: 250)
    var tick: Int64 = 0
    var steps = 0
    let added = (0..<rounds).map { _ in
      cost { place in
        // A tick is three seconds.
        steps += 1
        if steps % 100_000 == 0 { tick += 1 }
        counters[place % 250].add(tokens: 7, cost: 11, requests: 0, tick: tick)
        return 0
      }
    }
    let addedPlainly = (0..<rounds).map { _ in
      cost { place in
        sums[place % 250] &+= 7
        return 0
      }
    }
    precondition(counters[0].totals.tokens == sums[0], "a counter lost something")
    return [Figure("ns", added.median), Figure("bare_sum_ns", addedPlainly.median)]
  }

  private func cost(_ step: (Int) -> Int) -> Double {
    var sum = 0
    let start = Clock.thread.nanoseconds
    for place in workload.order { sum &+= step(Int(place)) }
    let spent = Double(Clock.thread.nanoseconds - start) / Double(workload.order.count)
    precondition(sum >= 0, "something was not found")
    return spent
  }
}
