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
    if score.score > highestScore?.score ?? -.infinity { highestScore = score }
    guard score.score >= settings.anomaly.threshold else { return }
    costModels[index].anomalies = costModels[index].anomalies.saturatingAdd(1)
    post(.activity(.anomaly(CostAnomaly(agent: agent, score: score, at: now.wall))))
  }

  /// Runs what counts calls, and says which of them stands out most; `nil` when none could be scored.
  package mutating func scoring<Outcome>(_ body: (inout Self) -> Outcome) -> (outcome: Outcome, highest: CallScore?) {
    highestScore = nil
    let outcome = body(&self)
    return (outcome, highestScore)
  }
}

extension Spend {
  /// Whether it says one request, or none but tokens.
  fileprivate var isOneCall: Bool { requests == 1 || (requests == 0 && tokenCount > 0) }
}
