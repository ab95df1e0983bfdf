/// What a caller must be allowed to do to use a route. Every route names one.
package enum Role: Hashable, Sendable, CaseIterable {
  /// Anyone: health, readiness.
  case none
  /// May read what is exported.
  case scraper
  /// May ask, reserve and record.
  case agent
  /// May change limits and stop subjects.
  case `operator`

  package var name: String {
    switch self {
    case .none: "none"
    case .scraper: "scraper"
    case .agent: "agent"
    case .operator: "operator"
    }
  }
}
