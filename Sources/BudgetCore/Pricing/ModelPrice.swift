/// What one token of each kind costs, in picodollars (1 USD per million tokens = 1,000,000 pUSD per token).
package struct TokenRates: Hashable, Sendable {
  package var input: Int64
  package var output: Int64
  /// `nil`: charged at the input rate.
  package var cacheRead: Int64?
  /// `nil`: charged at the input rate.
  package var cacheWrite: Int64?
  /// `nil`: charged at the output rate.
  package var reasoning: Int64?

  package init(
    input: Int64, output: Int64, cacheRead: Int64? = nil, cacheWrite: Int64? = nil, reasoning: Int64? = nil
  ) {
    self.input = input
    self.output = output
    self.cacheRead = cacheRead
    self.cacheWrite = cacheWrite
    self.reasoning = reasoning
  }
}

/// The price of one provider's model.
package struct ModelPrice: Hashable, Sendable {
  /// Rates that apply to every token of a request whose whole prompt is longer than `aboveTokens`.
  package struct Step: Hashable, Sendable {
    package var aboveTokens: Int64
    package var rates: TokenRates

    package init(aboveTokens: Int64, rates: TokenRates) {
      self.aboveTokens = aboveTokens
      self.rates = rates
    }
  }

  package var provider: String
  package var model: String
  package var rates: TokenRates
  /// Sorted by `aboveTokens`, ascending.
  package var steps: [Step]
  package var maxOutputTokens: Int64?

  package init(
    provider: String, model: String, rates: TokenRates, steps: [Step] = [], maxOutputTokens: Int64? = nil
  ) {
    self.provider = provider
    self.model = model
    self.rates = rates
    self.steps = steps
    self.maxOutputTokens = maxOutputTokens
  }
}
