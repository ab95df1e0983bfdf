/// Where a call goes that spends certain kinds of tokens under certain tags: everything that a reservation, a settle
/// or a record of it touches, resolved once and then found by one look-up.
///
/// Most routes differ in their places only. What they have in common, which amounts go where, is their pattern, which
/// stays in the nearest cache.
struct CallRoute {
  var pattern: Int32 = 0
  /// Position of the model's price in the price table; -1 for a model without one.
  var price: Int32 = -1
  var estimates = EstimatePlace()
  /// The series of its calls, one for each kind of tokens, its accounts, its entries of scopes, its activities.
  var places = PlaceList()
}

/// The places of a route. The first few stand in the route itself, which then fits a cache line.
struct PlaceList {
  private static let room = 9

  private var near = InlineArray<9, Int32>(repeating: -1)
  private var far: [Int32] = []

  init() {}

  init(_ all: [Int32]) {
    for (index, place) in all.prefix(Self.room).enumerated() { near[index] = place }
    far = Array(all.dropFirst(Self.room))
  }

  subscript(index: Int) -> Int32 {
    get { index < Self.room ? near[index] : far[index - Self.room] }
    set { if index < Self.room { near[index] = newValue } else { far[index - Self.room] = newValue } }
  }
}

/// Which amounts of a call its accounts and scopes count.
struct CallPattern {
  var kindCount: Int32
  var firstTarget: Int32
  var targetCount: Int32
  var firstScope: Int32
  var scopeCount: Int32
  /// How many activities the call belongs to.
  var activityCount: Int32
  /// Whether it names a step of them.
  var namesStep: Bool

  var targets: Range<Int> { Int(firstTarget)..<Int(firstTarget + targetCount) }
  var scopes: Range<Int> { Int(firstScope)..<Int(firstScope + scopeCount) }

  /// What one account counts.
  struct Target {
    var firstTerm: Int32
    var termCount: Int32
    /// Whether tokens are among it: the account is then in use even where they come to nothing.
    var countsTokens: Bool

    var terms: Range<Int> { Int(firstTerm)..<Int(firstTerm + termCount) }
  }

  /// One of the amounts of a call.
  struct Term: Hashable {
    enum Amount: UInt8 { case requests, cost, tokens, tokenCost }

    var amount: Amount
    /// Which of the kinds of tokens, where it is about one.
    var kind: Int32 = 0

    var isOfTokens: Bool { amount == .tokens || amount == .tokenCost }
  }

  /// The kind of tokens that a scope counts when it counts all of the call.
  static let wholeCall: Int32 = -1
}

/// A route before it has its place in the table.
struct CallRouteDraft {
  var route = CallRoute()
  var kindCount: Int
  private(set) var accounts: [Int32] = []
  private(set) var entries: [Int32] = []
  private(set) var pattern: Pattern

  /// What tells patterns apart.
  struct Pattern: Hashable {
    var kindCount: Int
    var targets: [[CallPattern.Term]] = []
    var scopes: [Int32] = []
    var activityCount: Int
    var namesStep: Bool
  }

  init(kindCount: Int, activityCount: Int, namesStep: Bool) {
    self.kindCount = kindCount
    pattern = Pattern(kindCount: kindCount, activityCount: activityCount, namesStep: namesStep)
  }

  /// - Parameter term: `nil` where the account only watches.
  mutating func add(account: Int, _ term: CallPattern.Term?) {
    let index = accounts.firstIndex(of: Int32(account)) ?? accounts.count
    if index == accounts.count {
      accounts.append(Int32(account))
      pattern.targets.append([])
    }
    if let term { pattern.targets[index].append(term) }
  }

  /// - Parameter kind: the kind of tokens that the entry counts, or `CallPattern.wholeCall`.
  mutating func add(scope entry: Int, kind: Int32) {
    entries.append(Int32(entry))
    pattern.scopes.append(kind)
  }
}

/// A route that somebody remembers, good as long as the table's era lasts.
struct CallRoutePlace {
  var index: Int32 = -1
  var era: UInt32 = 0
}
