// Calls that cost far more than their agent's calls do.
extension Ledger {
  /// Compares one call with those before it, then learns from it. What is not one call, costs nothing or names no
  /// agent is passed over.
  mutating func score(_ spend: Spend, cost: Quantity, tags: TagSet, now: Moment) {
    guard cost > 0, spend.isOneCall, let agent = tags[TagName.agent] else { return }
    let index = costModels.entry(of: agent, now: now.steady)
    guard index >= 0 else { return }
    costModels[index].lastUse = now.steady
    guard let score = costModels[index].model.learn(cost) else { return }
    lastScore = score
    guard score.score >= settings.anomaly.threshold else { return }
    costModels[index].anomalies = costModels[index].anomalies.saturatingAdd(1)
    post(.activity(.anomaly(CostAnomaly(agent: agent, score: score, at: now.wall))))
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
