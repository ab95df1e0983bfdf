/// What a call to come will cost.
package struct CallEstimate: Sendable {
  package var spend: Spend
  package var outputSource: OutputSource
  /// In picodollars, the extra cost of `spend` included.
  package var cost: Quantity
  package var match: PriceMatch
  /// The rates that this prompt's length selects.
  package var rates: TokenRates
}

// Output that nobody said: learned from the calls before, asked for by those to come.
extension Ledger {
  /// Tokens and cost of a call; without `output` among its tokens, the estimate of it. No side effect.
  /// O(kinds + bins).
  package func estimate(_ asked: SpendRequest) -> CallEstimate {
    var request = asked
    request.spend = asked.spend.bounded
    var source = fillOutput(of: &request)
    if !request.spend.namesOutput {
      request.spend.tokens.append(TokenAmount(kind: .output, count: 0))
      source = .default
    }
    let match = price(of: request.tags)
    let rates = match.price.rates(promptTokens: request.spend.promptTokens)
    return CallEstimate(
      spend: request.spend, outputSource: source, cost: request.spend.cost(at: rates), match: match, rates: rates)
  }

  /// Adds the estimated output to a request that asks for it and names none. While nothing is known and no
  /// default is configured, the request stays what it was.
  func fillOutput(of request: inout SpendRequest) -> OutputSource {
    guard request.estimatesOutput, !request.spend.namesOutput else { return .given }
    let model = request.tags[TagName.model] ?? ""
    let learned = estimates.quantile(settings.estimates.quantile, agent: request.tags[TagName.agent], model: model)
    guard learned != nil || settings.estimates.defaultOutput > 0 else { return .given }
    var output = learned ?? settings.estimates.defaultOutput
    // No call puts out more than its model can.
    if let most = price(of: request.tags).price.maxOutputTokens { output = min(output, max(0, most)) }
    request.spend.tokens.append(TokenAmount(kind: .output, count: output))
    return learned == nil ? .default : .learned
  }

  /// Learns from what one call used. Calls that say nothing of their output teach nothing.
  /// - Parameter route: the call's; it remembers where its estimates stand.
  mutating func learn(from spend: Spend, _ sums: Spend.Sums, route: Int, tags: TagSet, now: Moment) {
    guard spend.isOneCall(sums) else { return }
    let output = sums.output
    forgetLearningPlaces(of: route)
    if estimates.learn(output, at: calls[route].estimates, now: now.steady) { return }
    calls[route].estimates = estimates.learn(
      output, agent: tags[TagName.agent], model: tags[TagName.model] ?? "", now: now.steady)
    calls[route].learningEra = learningEra
  }

  /// Grows whenever one of those that are learned from makes room for another.
  var learningEra: UInt32 {
    @inline(__always) get { estimates.era &+ costModels.era }
  }

  /// Where a route's calls are learned from is looked up again when it may stand elsewhere.
  @inline(__always)
  mutating func forgetLearningPlaces(of route: Int) {
    guard calls[route].learningEra != learningEra else { return }
    calls[route].estimates = EstimatePlace()
    calls[route].costModel = -1
    calls[route].learningEra = learningEra
  }

  /// Compares what a reservation held for the output with what the call put out.
  mutating func compare(reservation slot: Int, for reserved: Spend, with actual: Spend, _ sums: Spend.Sums) {
    guard actual.isOneCall(sums), let estimated = reserved.output else { return }
    estimates.tally.count(reservations[slot].outputSource, estimated: estimated, actual: sums.output)
  }
}

extension Spend {
  var namesOutput: Bool { output != nil }

  /// Whether it is one call that says its output: one request, or none but a prompt and what came of it.
  fileprivate func isOneCall(_ sums: Sums) -> Bool {
    sums.namesOutput && (requests == 1 || (requests == 0 && sums.prompt > 0))
  }
}
