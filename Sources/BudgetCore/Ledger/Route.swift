/// Where usage with one spelling of tags goes: resolved once, then found by the spelling's bytes.
struct Route {
  static let unresolved: Int32 = -1

  /// The series of its tokens, and the one without token type for calls, costs and durations.
  var tokenSeries = unresolved
  var callSeries = unresolved
  /// Picodollars for one token of this model and kind.
  var rate: Int64 = 0
  /// Where its accounts stand among the targets: here those that count tokens, then those that count what the tokens
  /// cost; its scopes and activities follow. Before them those that count costs that no tokens caused, and before those
  /// the ones that count requests.
  var firstTarget: UInt32 = 0
  var requestAccounts: UInt16 = 0
  /// Tokens without a type are input, costs without one are not: a budget on a token type tells them apart.
  var callCostAccounts: UInt16 = 0
  var tokenAccounts: UInt16 = 0
  var costAccounts: UInt16 = 0
  var scopeCount: UInt16 = 0
  var activityCount: UInt16 = 0
  /// The rate is the configured fallback or none at all.
  var isEstimated = false
  /// It is estimated or has activities.
  var isUnusual = false
  /// The hash of the `step` tag; 0 without one.
  var step: UInt64 = 0
  /// What the usage log knows of its spelling.
  var mark: UInt64 = 0

  // The places of its accounts, scopes and activities among the targets.

  var requests: Range<Int> { places(from: callCosts.lowerBound - Int(requestAccounts), requestAccounts) }
  var callCosts: Range<Int> { places(from: Int(firstTarget) - Int(callCostAccounts), callCostAccounts) }
  var tokens: Range<Int> { places(from: Int(firstTarget), tokenAccounts) }
  var costs: Range<Int> { places(from: tokens.upperBound, costAccounts) }
  var accounts: Range<Int> { requests.lowerBound..<costs.upperBound }
  var scopes: Range<Int> { places(from: costs.upperBound, scopeCount) }
  var activities: Range<Int> { places(from: scopes.upperBound, activityCount) }

  @inline(__always)
  private func places(from first: Int, _ count: UInt16) -> Range<Int> {
    Range(uncheckedBounds: (first, first &+ Int(count)))
  }
}

/// All routes, found by the bytes of a spelling. When it is full it starts anew: routes are cheap to resolve again.
struct RouteTable: ~Copyable {
  private(set) var keys = KeyTable()
  private(set) var routes = Slab<Route>()
  /// Account, scope and activity numbers of all routes, each route's in a row.
  var targets = Slab<Int32>()
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  subscript(index: Int) -> Route {
    unsafeAddress { UnsafePointer(routes.address(index)) }
    unsafeMutableAddress { routes.address(index) }
  }

  @inline(__always)
  func find(_ start: UnsafeRawPointer, count: Int, hash: UInt64) -> Int {
    keys.find(start, count: count, hash: hash)
  }

  @inline(__always)
  func fetch(_ route: Int) {
    keys.fetchEntry(route)
    routes.fetch(route)
  }

  /// Whether a route is that of this spelling. Any number will do.
  @inline(__always)
  func isRoute(_ index: Int, of start: UnsafeRawPointer, count: Int) -> Bool {
    keys.isKey(index, start, count: count)
  }

  /// What the usage log knows of the spelling of a route that `isRoute` has found.
  @inline(__always)
  func mark(_ index: Int) -> UInt64 { routes.pointer(index).pointee.mark }

  /// Where numbers of accounts and scopes stand. They last until a route is added.
  @inline(__always)
  func target(_ place: Int) -> UnsafePointer<Int32> { targets.pointer(place) }

  /// Where a route goes to.
  struct Ends {
    var requests: [Int]
    var callCosts: [Int]
    var tokens: [Int]
    var costs: [Int]
    var scopes: [Int]
    var activities: [Int]
  }

  mutating func insert(_ key: UnsafeRawBufferPointer, hash: UInt64, route: Route, to ends: Ends) -> Int {
    if keys.count >= capacity || targets.count > capacity.saturatingMultiply(16) { removeAll() }
    var complete = route
    complete.requestAccounts = add(ends.requests)
    complete.callCostAccounts = add(ends.callCosts)
    complete.firstTarget = UInt32(targets.count)
    complete.tokenAccounts = add(ends.tokens)
    complete.costAccounts = add(ends.costs)
    complete.scopeCount = add(ends.scopes)
    complete.activityCount = add(ends.activities)
    complete.isUnusual = complete.isEstimated || complete.activityCount > 0
    let index = keys.insert(key.baseAddress ?? ByteHash.emptyByte, count: key.count, hash: hash)
    if index == routes.count { routes.append(complete) } else { routes[index] = complete }
    return index
  }

  /// As many as a route can have: a configuration has a tenth of that.
  private mutating func add(_ numbers: [Int]) -> UInt16 {
    let numbers = numbers.prefix(Int(UInt16.max))
    for number in numbers { targets.append(Int32(number)) }
    return UInt16(numbers.count)
  }

  mutating func removeAll() {
    keys.removeAll()
    routes.removeAll()
    targets.removeAll()
  }
}
