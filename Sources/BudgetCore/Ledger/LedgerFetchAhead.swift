// A line needs some twenty cache lines, each found by what is in another. When other programs have taken the caches in
// between, as beside an agent they have, waiting for one after the other is most of what a line costs. So the lines of a
// batch ask together, a step at a time, and wait once for each step.
extension Ledger {
  /// How many events ask together: what they need fits in the first-level cache.
  static let fetchedTogether = 16

  /// Asks the memory for what these events will most likely need. Changes nothing.
  /// - Parameter events: at most `fetchedTogether`.
  @inline(__always)
  mutating func fetchAhead(_ events: UnsafeBufferPointer<UsageEvent>) {
    var likely = InlineArray<16, Int32>(repeating: 0)
    var count = 0
    for event in events { routes.keys.fetchSlot(hash: event.hash) }
    for event in events {
      let guess = routes.keys.guess(hash: event.hash)
      guard guess >= 0 else { continue }
      likely[count] = Int32(truncatingIfNeeded: guess)
      count &+= 1
      routes.fetch(guess)
    }
    for place in 0..<count {
      let index = Int(likely[place])
      routes.keys.fetchKey(index)
      routes.targets.fetch(Int(routes[index].firstAccount))
      series.fetch(Int(routes[index].tokenSeries))
    }
    for place in 0..<count {
      let (targets, firstScope, scopeCount) = routes.targets(of: Int(likely[place]))
      for target in 0..<firstScope { accounts.fetch(Int(targets[target])) }
      for target in firstScope..<(firstScope &+ scopeCount) { scopes.fetch(Int(targets[target])) }
    }
    for place in 0..<count {
      let (targets, firstScope, _) = routes.targets(of: Int(likely[place]))
      for target in 0..<firstScope { accounts.fetchBucket(of: Int(targets[target])) }
    }
  }
}
