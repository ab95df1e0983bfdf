/// What a person looks at first: the fullest accounts, who spends most, who is stopped.
///
/// Made in steps that may lie apart, so that usage is counted between them: each step looks at no more than
/// `OverviewBounds.places` places of a table or forecasts `OverviewBounds.forecasts` accounts. Numbers of different steps
/// are of different moments, milliseconds apart.
package struct Overview: Sendable {
  /// The highest use of one scope's values.
  package struct Spenders: Sendable {
    /// The tag: `agent`, `user`, `model`.
    package var scope: String
    /// Most cost first, then most tokens.
    package var rows: [ScopeUsage] = []
  }

  /// The fullest first: by state, then by what share of the limit is used or reserved.
  package internal(set) var accounts: [AccountStatus] = []
  /// All there are, by state.
  package internal(set) var accountCounts: [AccountStatus.State: Int] = [:]
  package internal(set) var spenders: [Spenders] = []
  /// In order of time, the first `OverviewBounds.stops` of them.
  package internal(set) var stops: [SubjectStop] = []
  package internal(set) var stopCount = 0
  package internal(set) var seriesCount = 0
  package internal(set) var openReservations = 0
  package internal(set) var now = Instant(seconds: 0)

  package init() {}
}

/// How much an overview shows, and how much of it is made at once.
package struct OverviewBounds: Sendable {
  package var accounts = 50
  /// Of each scope.
  package var spenders = 10
  package var stops = 20
  /// Places of a table looked at in one step.
  package var places = 1024
  /// Accounts whose future is asked for in one step.
  package var forecasts = 8

  package init() {}
}

/// An overview that is being made: `Ledger.advance` takes the next step until there is none.
package struct OverviewWalk: Sendable {
  struct Fullness: Comparable, Sendable {
    var severity: Int
    var ratio: Double

    static func < (one: Fullness, other: Fullness) -> Bool {
      (one.severity, one.ratio) < (other.severity, other.ratio)
    }
  }

  struct Spending: Comparable, Sendable {
    var totals: LookbackCounters.Totals

    static func < (one: Spending, other: Spending) -> Bool {
      let (one, other) = (one.totals, other.totals)
      return (one.cost, one.tokens, one.requests) < (other.cost, other.tokens, other.requests)
    }
  }

  /// What the next step does, from which place on.
  enum Stage: Sendable {
    case accounts(from: Int)
    case scopes(from: Int)
    case statuses(from: Int)
    case rest
    case done
  }

  let bounds: OverviewBounds
  let lookback: LookbackCounters.Lookback
  var stage = Stage.accounts(from: 0)
  var fullest: Ranking<Fullness>
  /// One for each scope; made with the first step over them.
  var biggest: [Ranking<Spending>] = []
  package var overview = Overview()

  package init(bounds: OverviewBounds = OverviewBounds(), lookback: LookbackCounters.Lookback) {
    self.bounds = bounds
    self.lookback = lookback
    fullest = Ranking(capacity: bounds.accounts)
  }
}
