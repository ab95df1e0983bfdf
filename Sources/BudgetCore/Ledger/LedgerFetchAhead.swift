// A line needs some twenty cache lines, each found by what is in another. When other programs have taken the caches in
// between, as beside an agent they have, waiting for one after the other is most of what a line costs. So the lines of a
// batch ask together, a step at a time, and wait once for each step.
extension Ledger {
  /// How many events ask together: what they need fits in the first-level cache.
  static let fetchedTogether = 16

  /// Asks the memory for what these events will most likely need. Changes nothing.
  /// - Parameters:
  ///   - count: of the events, at most `fetchedTogether`.
  ///   - guesses: gets the route that each of them will most likely take; -1 for none.
  @inline(__always)
  mutating func fetchAhead(
    _ events: UnsafePointer<UsageEvent>, count: Int, guesses: UnsafeMutablePointer<Int32>
  ) {
    let end = events + count
    var event = events
    while event < end {
      routes.keys.fetchSlot(hash: event.pointee.hash)
      event += 1
    }
    event = events
    var next = guesses
    while event < end {
      let guess = routes.keys.guess(hash: event.pointee.hash)
      next.pointee = Int32(truncatingIfNeeded: guess)
      routes.fetch(guess)
      event += 1
      next += 1
    }
    var guess = UnsafePointer(guesses)
    while guess < next {
      fetchEnds(ofRoute: Int(guess.pointee))
      guess += 1
    }
    guess = UnsafePointer(guesses)
    while guess < next {
      fetchTargets(ofRoute: Int(guess.pointee))
      guess += 1
    }
  }

  /// Asks for what a route points at.
  @inline(__always)
  private func fetchEnds(ofRoute index: Int) {
    guard index >= 0 else { return }
    let route = routes.routes.pointer(index)
    routes.keys.fetchKey(index)
    routes.targets.fetch(Int(route.pointee.firstTarget))
    series.fetch(Int(route.pointee.tokenSeries))
  }

  /// Asks for what a line of tokens changes: accounts, and the scopes behind them.
  @inline(__always)
  private func fetchTargets(ofRoute index: Int) {
    guard index >= 0 else { return }
    let route = routes.routes.pointer(index)
    var target = routes.target(Int(route.pointee.firstTarget))
    let firstScope = target + (Int(route.pointee.tokenAccounts) &+ Int(route.pointee.costAccounts))
    let end = firstScope + Int(route.pointee.scopeCount)
    while target < firstScope {
      accounts.fetch(Int(target.pointee))
      target += 1
    }
    while target < end {
      scopes.fetch(Int(target.pointee))
      target += 1
    }
  }
}
