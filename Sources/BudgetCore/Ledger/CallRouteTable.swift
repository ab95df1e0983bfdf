/// All routes of calls, found by their tags and kinds of tokens. When it is full it starts anew, like `RouteTable`.
struct CallRouteTable: ~Copyable {
  private(set) var keys = KeyTable()
  private var routes = Slab<CallRoute>()
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
    _read { yield routes[index] }
    _modify { yield &routes[index] }
  }

  func find(_ key: UnsafeRawBufferPointer, hash: UInt64) -> Int {
    keys.find(key.baseAddress!, count: key.count, hash: hash)
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
    route.places = PlaceList(rows + draft.accounts + draft.entries + activities)
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
          firstTerm: Int32(terms.count), termCount: Int32(own.count), countsTokens: own.contains(where: \.isOfTokens)))
      for term in own { terms.append(term) }
    }
    for kind in pattern.scopes { scopeKinds.append(kind) }
    patternNumbers[pattern] = number
    return number
  }

  mutating func removeAll() {
    keys.removeAll()
    routes.removeAll()
    patternNumbers.removeAll()
    patterns.removeAll()
    targets.removeAll()
    terms.removeAll()
    scopeKinds.removeAll()
    era &+= 1
  }
}
