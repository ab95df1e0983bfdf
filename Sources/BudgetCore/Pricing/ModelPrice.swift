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
  package private(set) var steps: [Step]
  package var maxOutputTokens: Int64?

  package init(
    provider: String, model: String, rates: TokenRates, steps: [Step] = [], maxOutputTokens: Int64? = nil
  ) {
    self.provider = provider
    self.model = model
    self.rates = rates
    self.steps = steps.sorted { $0.aboveTokens < $1.aboveTokens }
    self.maxOutputTokens = maxOutputTokens
  }

  /// The rates of a request whose whole prompt, cached tokens included, has this many tokens.
  ///
  /// A prompt of exactly a step's `aboveTokens` is still below it. O(steps).
  package func rates(promptTokens: Int64) -> TokenRates {
    steps.last { $0.aboveTokens < promptTokens }?.rates ?? rates
  }

  /// What these tokens of one request cost; saturates instead of overflowing.
  package func cost(of tokens: some Sequence<(TokenKind, Int64)>, promptTokens: Int64) -> Money {
    let rates = rates(promptTokens: promptTokens)
    var sum: Quantity = 0
    for (kind, count) in tokens {
      // Two 64-bit factors always fit 128 bits.
      sum = sum.saturatingAdd(Quantity(count) * Quantity(rates.rate(for: kind)))
    }
    return Money(picodollars: sum)
  }
}
