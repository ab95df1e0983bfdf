/// All routes of calls, found by their tags and kinds of tokens. When it is full it starts anew, like `RouteTable`.
struct CallRouteTable: ~Copyable {
  private(set) var keys = KeyTable()
  private var routes = Slab<CallRoute>()
  /// The places of routes that have more than their own room, each route's together.
  private var farPlaces = Slab<Int32>()
  private var patternNumbers: [CallRouteDraft.Pattern: Int32] = [:]
  private var patterns = Slab<CallPattern>()
  private(set) var targets = Slab<CallPattern.Target>()
  private(set) var terms = Slab<CallPattern.Term>()
  /// The kind of tokens that each scope of a pattern counts.
  private(set) var scopeKinds = Slab<Int32>()
  private let capacity: Int
  /// Grows whenever all routes go away: who remembers a route compares it.
  private(set) var era: UInt32 = 0

  init(capacity: Int) { self.capacity = capacity }

  subscript(index: Int) -> CallRoute {
    unsafeAddress { UnsafePointer(routes.address(index)) }
    unsafeMutableAddress { routes.address(index) }
  }

  /// Asks the memory for a route. Any index will do.
  @inline(__always)
  func fetch(_ index: Int) { routes.fetchFirstLine(index) }

  /// One of the places of a route: the series of its calls, one for each kind of tokens, its accounts, its entries of
  /// scopes, its activities (`Parts`).
  ///
  /// Reading is `mutating` too, or the route's places would all be copied for the one.
  subscript(route: Int, place: Int) -> Int32 {
    @inline(__always) mutating get {
      place < CallRoute.room
        ? routes[route].near[place] : farPlaces[Int(routes[route].far) + place - CallRoute.room]
    }
    set {
      if place < CallRoute.room {
        routes[route].near[place] = newValue
      } else {
        farPlaces[Int(routes[route].far) + place - CallRoute.room] = newValue
      }
    }
  }

  @inline(__always)
  func find(_ key: UnsafeRawBufferPointer, hash: UInt64) -> Int {
    let start = key.baseAddress!
    let guess = keys.guess(hash: hash)
    guard guess >= 0 else { return -1 }
    // Nearly always it is the one, and comes while the key is compared.
    routes.fetchFirstLine(guess)
    return keys.isKey(guess, start, count: key.count) ? guess : keys.find(start, count: key.count, hash: hash)
  }

  /// Which of a route's places are what.
  struct Parts {
    let pattern: CallPattern
    /// The series of its calls; those of its kinds of tokens follow.
    static let series = 0
    /// Where its accounts start, as many as the pattern has targets.
    var accounts: Int { 1 + Int(pattern.kindCount) }
    /// Where its entries of scopes start.
    var entries: Int { accounts + Int(pattern.targetCount) }
    /// Where its activities start, in the order of the tags that are watched.
    var activities: Int { entries + Int(pattern.scopeCount) }
  }

  @inline(__always)
  func parts(of route: Int) -> Parts {
    Parts(pattern: patterns[Int(routes[route].pattern)])
  }

  mutating func insert(_ key: UnsafeRawBufferPointer, hash: UInt64, _ draft: CallRouteDraft) -> Int {
    if keys.count >= capacity { removeAll() }
    var route = draft.route
    route.pattern = number(of: draft.pattern)
    let rows = [Int32](repeating: Route.unresolved, count: 1 + draft.kindCount)
    let activities = [Int32](repeating: Route.unresolved, count: draft.pattern.activityCount)
    route.far = Int32(farPlaces.count)
    for (index, place) in (rows + draft.accounts + draft.entries + activities).enumerated() {
      if index < CallRoute.room { route.near[index] = place } else { farPlaces.append(place) }
    }
    let index = keys.insert(key.baseAddress!, count: key.count, hash: hash)
    if index == routes.count { routes.append(route) } else { routes[index] = route }
    return index
  }

  private mutating func number(of pattern: CallRouteDraft.Pattern) -> Int32 {
    if let known = patternNumbers[pattern] { return known }
    let number = Int32(
      patterns.append(
        CallPattern(
          kindCount: Int32(pattern.kindCount), firstTarget: Int32(targets.count),
          targetCount: Int32(pattern.targets.count), firstScope: Int32(scopeKinds.count),
          scopeCount: Int32(pattern.scopes.count), activityCount: Int32(pattern.activityCount),
          namesStep: pattern.namesStep)))
    for own in pattern.targets {
      targets.append(
        CallPattern.Target(
          firstTerm: Int32(terms.count), termCount: Int32(own.count),
          whole: CallPattern.Whole(own, kindCount: pattern.kindCount), countsTokens: own.contains(where: \.isOfTokens)))
      for term in own { terms.append(term) }
    }
    for kind in pattern.scopes { scopeKinds.append(kind) }
    patternNumbers[pattern] = number
    return number
  }

  mutating func removeAll() {
    keys.removeAll()
    routes.removeAll()
    farPlaces.removeAll()
    patternNumbers.removeAll()
    patterns.removeAll()
    targets.removeAll()
    terms.removeAll()
    scopeKinds.removeAll()
    era &+= 1
  }
}
