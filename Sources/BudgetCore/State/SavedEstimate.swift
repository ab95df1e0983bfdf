/// A learned distribution of output as it is stored.
package struct SavedEstimate: Sendable {
  package var model: String
  /// `nil`: of all agents together.
  package var agent: String?
  package var distribution: OutputDistribution
  /// Steady.
  package var lastUse: Instant

  package init(model: String, agent: String?, distribution: OutputDistribution, lastUse: Instant) {
    self.model = model
    self.agent = agent
    self.distribution = distribution
    self.lastUse = lastUse
  }
}
