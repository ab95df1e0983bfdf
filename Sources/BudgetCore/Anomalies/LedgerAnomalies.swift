// Calls that cost far more than their agent's calls do.
extension Ledger {
  /// Compares one call with those before it, then learns from it. What is not one call, costs nothing or names no
  /// agent is passed over.
  /// - Parameter route: the call's; it remembers where its agent's costs stand.
  mutating func score(
    _ spend: Spend, tokens: Quantity, cost: Quantity, route: Int, tags: TagSet, now: Moment
  ) {
    guard cost > 0, spend.requests == 1 || (spend.requests == 0 && tokens > 0) else { return }
    let index = costModel(of: route, tags: tags, now: now)
    guard index >= 0 else { return }
    costModels[index].lastUse = now.steady
    guard let score = costModels[index].model.learn(cost) else { return }
    if score.score > highestScore?.score ?? -.infinity { highestScore = score }
    guard score.score >= settings.anomaly.threshold else { return }
    costModels[index].anomalies = costModels[index].anomalies.saturatingAdd(1)
    post(.activity(.anomaly(CostAnomaly(agent: tags[TagName.agent] ?? "", score: score, at: now.wall))))
  }

  /// The costs of a route's agent; negative without an agent or room for it.
  @inline(__always)
  private mutating func costModel(of route: Int, tags: TagSet, now: Moment) -> Int {
    forgetLearningPlaces(of: route)
    return calls[route].costModel == -1
      ? findCostModel(of: route, tags: tags, now: now) : Int(calls[route].costModel)
  }

  @inline(never)
  private mutating func findCostModel(of route: Int, tags: TagSet, now: Moment) -> Int {
    let found = tags[TagName.agent].map { Int32(costModels.entry(of: $0, now: now.steady)) } ?? CallRoute.noAgent
    calls[route].costModel = found
    calls[route].learningEra = learningEra
    return Int(found)
  }

  /// Runs what counts calls, and says which of them stands out most; `nil` when none could be scored.
  package mutating func scoring<Outcome>(_ body: (inout Self) -> Outcome) -> (outcome: Outcome, highest: CallScore?) {
    highestScore = nil
    let outcome = body(&self)
    return (outcome, highestScore)
  }
}
