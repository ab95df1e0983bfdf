/// Where a call goes that spends certain kinds of tokens under certain tags: everything that a reservation, a settle
/// or a record of it touches, resolved once and then found by one look-up.
///
/// Most routes differ in their places only. What they have in common, which amounts go where, is their pattern, which
/// stays in the nearest cache.
struct CallRoute {
  var pattern: Int32 = 0
  /// Position of the model's price in the price table; -1 for a model without one.
  var price: Int32 = -1
  /// Where its calls are learned from, good as long as `learningEra` is the ledger's.
  var estimates = EstimatePlace()
  /// The costs of its agent's calls; -1 where that is not known, `CallRoute.noAgent` without an agent.
  var costModel: Int32 = -1
  var learningEra: UInt32 = 0
  /// The first of its places, so that most routes fit a cache line.
  var near = InlineArray<9, Int32>(repeating: -1)
  /// Where the others stand in the table.
  var far: Int32 = -1

  static var room: Int { 9 }
  static var noAgent: Int32 { -2 }
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
    /// What its terms come to, where that is known of the whole call.
    var whole: Whole
    /// Whether tokens are among it: the account is then in use even where they come to nothing.
    var countsTokens: Bool

    var terms: Range<Int> { Int(firstTerm)..<Int(firstTerm + termCount) }
  }

  /// What an account counts of a call in most budgets: there is no need to add it up again for each.
  enum Whole: UInt8 {
    case tokens, cost, requests
    /// Something else: the sum of the terms.
    case none

    init(_ terms: [Term], kindCount: Int) {
      let kinds = (0..<kindCount).map { Int32($0) }
      self =
        switch terms {
        case kinds.map({ Term(amount: .tokens, kind: $0) }): .tokens
        case [Term(amount: .cost)] + kinds.map({ Term(amount: .tokenCost, kind: $0) }): .cost
        case [Term(amount: .requests)]: .requests
        default: .none
        }
    }
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
