// Calls that cost far more than their agent's calls do.
extension Ledger {
  /// Compares one call with those before it, then learns from it. What is not one call, costs nothing or names no
  /// agent is passed over.
  mutating func score(_ spend: Spend, cost: Quantity, tags: TagSet, now: Moment) {
    guard cost > 0, spend.isOneCall, let agent = tags[TagName.agent] else { return }
    let index = costModels.entry(of: agent, now: now.steady)
    guard index >= 0 else { return }
    if let score = costModels[index].model.score(of: cost) {
      let call = CallScore(score: score, cost: cost, typical: costModels[index].model.typical)
      lastScore = call
      if score >= settings.anomaly.threshold {
        costModels[index].anomalies = costModels[index].anomalies.saturatingAdd(1)
        post(.anomaly(CostAnomaly(agent: agent, score: call, at: now.wall)))
      }
    }
    costModels[index].model.learn(cost)
    costModels[index].lastUse = now.steady
  }

  /// The score of the call that was counted last, once: for the answer to who counted it.
  package mutating func takeScore() -> CallScore? {
    defer { lastScore = nil }
    return lastScore
  }
}

extension Spend {
  /// Whether it says one request, or none but tokens.
  fileprivate var isOneCall: Bool { requests == 1 || (requests == 0 && tokenCount > 0) }
}
