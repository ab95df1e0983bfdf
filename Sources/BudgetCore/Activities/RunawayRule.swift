/// What of an activity ran past its limit.
package enum RunawayCause: Int, CaseIterable, Sendable {
  case tokens = 0
  /// Changes of the `step` tag.
  case steps
  case requests
  /// Calls with the same `fingerprint` in a row.
  case repeats

  package var name: String {
    switch self {
    case .tokens: "tokens"
    case .steps: "steps"
    case .requests: "requests"
    case .repeats: "repeats"
    }
  }
}

/// Tells when one value of a tag (one task, one session) does more than any should.
package struct RunawayRule: Hashable, Sendable {
  package enum Action: String, CaseIterable, Sendable {
    /// Tell it.
    case event
    /// Tell it, and grant the subject nothing until an operator resumes it.
    case stop
  }

  /// The tag whose values are watched.
  package var per: String
  /// The limits that are set, each more than 0. Reaching one is running away.
  package var limits: [RunawayCause: Int64]
  package var action: Action

  package init(per: String, limits: [RunawayCause: Int64], action: Action = .event) {
    self.per = per
    self.limits = limits
    self.action = action
  }
}
