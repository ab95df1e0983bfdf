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
    var guesses = InlineArray<16, Int32>(repeating: -1)
    for event in events { routes.keys.fetchSlot(hash: event.hash) }
    for place in events.indices {
      let guess = routes.keys.guess(hash: events[place].hash)
      guesses[place] = Int32(truncatingIfNeeded: guess)
      if guess >= 0 { routes.fetch(guess) }
    }
    for place in events.indices where guesses[place] >= 0 {
      let route = Int(guesses[place])
      routes.keys.fetchKey(route)
      routes.targets.fetch(Int(routes[route].firstAccount))
      series.fetch(Int(events[place].kind == .tokens ? routes[route].tokenSeries : routes[route].callSeries))
    }
    for place in events.indices where guesses[place] >= 0 {
      let route = routes[Int(guesses[place])]
      for target in Int(route.firstAccount)..<Int(route.firstScope) { accounts.fetch(Int(routes.targets[target])) }
      for target in Int(route.firstScope)..<(Int(route.firstScope) + Int(route.scopeCount)) {
        scopes.fetch(Int(routes.targets[target]))
      }
    }
    for place in events.indices where guesses[place] >= 0 {
      let route = routes[Int(guesses[place])]
      for target in Int(route.firstAccount)..<Int(route.firstScope) {
        accounts.fetchBucket(of: Int(routes.targets[target]))
      }
    }
  }
}
