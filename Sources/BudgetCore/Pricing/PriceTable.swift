/// Finds the price of a (provider, model) pair.
package struct PriceTable: Sendable {
  /// Charged when nothing is known of a model; such cost is marked estimated.
  package var fallback = TokenRates(input: 5_000_000, output: 15_000_000)
  private var models: [ModelPrice] = []

  package init() {}

  package init(_ models: [ModelPrice]) { self.models = models }

  package mutating func add(_ price: ModelPrice) { models.append(price) }
}
