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
  mutating func learn(from spend: Spend, route: Int, tags: TagSet, now: Moment) {
    guard let output = spend.outputOfOneCall else { return }
    if estimates.learn(output, at: calls[route].estimates, now: now.steady) { return }
    calls[route].estimates = estimates.learn(
      output, agent: tags[TagName.agent], model: tags[TagName.model] ?? "", now: now.steady)
  }

  /// Compares what a reservation held for the output with what the call put out.
  mutating func compare(reservation slot: Int, with actual: Spend) {
    guard reservations[slot].spend.namesOutput, let output = actual.outputOfOneCall else { return }
    estimates.tally.count(
      reservations[slot].outputSource, estimated: reservations[slot].spend.allOutput, actual: output)
  }
}

extension Spend {
  /// Whether output is among the tokens, reasoning counting as output.
  var namesOutput: Bool { tokens.contains { !$0.kind.isPrompt } }

  /// Output and reasoning together: what a cap on the output of a call has to cover.
  var allOutput: Int64 { tokens.reduce(0) { $1.kind.isPrompt ? $0 : $0.saturatingAdd($1.count) } }

  /// The output of what is one call: it says one request, or none but a prompt and what came of it.
  fileprivate var outputOfOneCall: Int64? {
    guard namesOutput, requests == 1 || (requests == 0 && promptTokens > 0) else { return nil }
    return allOutput
  }
}
