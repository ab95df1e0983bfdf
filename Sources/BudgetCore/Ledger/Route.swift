/// Where usage with one spelling of tags goes: resolved once, then found by the spelling's bytes.
struct Route {
  static let unresolved: Int32 = -1

  /// The series of its tokens, and the one without token type for calls, costs and durations.
  var tokenSeries = unresolved
  var callSeries = unresolved
  /// Picodollars for one token of this model and kind.
  var rate: Int64 = 0
  /// The accounts that match: first those that count tokens, then those that count what the tokens cost,
  /// other costs, and requests.
  var firstAccount: UInt32 = 0
  var tokenAccounts: UInt16 = 0
  var costAccounts: UInt16 = 0
  /// Tokens without a type are input, costs without one are not: a budget on a token type tells them apart.
  var callCostAccounts: UInt16 = 0
  var requestAccounts: UInt16 = 0
  var scopeCount: UInt16 = 0
  var firstScope: UInt32 = 0
  var activityCount: UInt16 = 0
  /// The rate is the configured fallback or none at all.
  var isEstimated = false
  /// The hash of the `step` tag; 0 without one.
  var step: UInt64 = 0
  /// What the usage log knows of its spelling.
  var mark: UInt64 = 0

  /// The places of its accounts among the targets.
  var accounts: Range<Int> { Int(firstAccount)..<Int(firstScope) }

  /// The places of its activities among the targets: they follow its scopes.
  var activities: Range<Int> {
    let first = Int(firstScope) + Int(scopeCount)
    return first..<(first + Int(activityCount))
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
    _read { yield routes[index] }
    _modify { yield &routes[index] }
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

  /// The numbers of a route's accounts, then from `firstScope` on those of its scopes. They last until a route is added.
  @inline(__always)
  func targets(of index: Int) -> (start: UnsafePointer<Int32>, firstScope: Int, scopeCount: Int) {
    let first = routes[index].firstAccount
    let accounts = Int(routes[index].firstScope &- first)
    return (targets.pointer(Int(first)), accounts, Int(routes[index].scopeCount))
  }

  mutating func insert(
    _ key: UnsafeRawBufferPointer, hash: UInt64, route: Route, accounts: [Int], scopes: [Int], activities: [Int]
  ) -> Int {
    if keys.count >= capacity || targets.count > capacity.saturatingMultiply(16) { removeAll() }
    var complete = route
    complete.firstAccount = UInt32(targets.count)
    for account in accounts { targets.append(Int32(account)) }
    complete.firstScope = UInt32(targets.count)
    complete.scopeCount = UInt16(scopes.count)
    for scope in scopes { targets.append(Int32(scope)) }
    complete.activityCount = UInt16(activities.count)
    for activity in activities { targets.append(Int32(activity)) }
    let index = keys.insert(key.baseAddress ?? ByteHash.emptyByte, count: key.count, hash: hash)
    if index == routes.count { routes.append(complete) } else { routes[index] = complete }
    return index
  }

  mutating func removeAll() {
    keys.removeAll()
    routes.removeAll()
    targets.removeAll()
  }
}
