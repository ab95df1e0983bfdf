/// Something that an activity or a call did which is not like the others.
package enum ActivityEvent: Sendable {
  case runaway(Runaway)
  case anomaly(CostAnomaly)

  package static let names = ["runaway", "anomaly"]

  package var name: String {
    switch self {
    case .runaway: "runaway"
    case .anomaly: "anomaly"
    }
  }
}

/// One value of a tag reached a limit of a runaway rule.
package struct Runaway: Hashable, Sendable {
  package var subject: Tag
  package var cause: RunawayCause
  /// How many there were when it was told, at least the limit.
  package var count: Int64
  package var limit: Int64
  /// What was done about it.
  package var action: RunawayRule.Action
  package var at: Instant

  /// Why, in words: `runaway: 150,000 tokens, limit 100,000`.
  package var reason: String {
    let what = cause == .repeats ? "identical calls in a row" : cause.name
    return "runaway: \(GroupedDigits.text(Quantity(count))) \(what), limit \(GroupedDigits.text(Quantity(limit)))"
  }
}

/// A call that cost far from what calls of its agent cost.
package struct CostAnomaly: Hashable, Sendable {
  package var agent: String
  package var score: CallScore
  package var at: Instant
}
