/// Finds the price of a (provider, model) pair.
///
/// Prices are kept in the order they were added, and where several fit a name the first one counts.
package struct PriceTable: Sendable {
  /// Charged when nothing is known of a model; such cost is marked estimated. `nil`: unknown models cost nothing.
  package var fallback: TokenRates? = TokenRates(input: 5_000_000, output: 15_000_000)
  package private(set) var models: [ModelPrice] = []
  private var asWritten = PriceIndex()
  private var lowercased = PriceIndex()

  package init() {}

  /// Of two prices for one (provider, model) the later counts.
  package init(_ models: [ModelPrice]) {
    for price in models { add(price) }
  }

  /// The list prices that come with the program.
  package static let builtIn = PriceTable(BuiltInPrices.models)

  /// Adds a price, or replaces the one of the same provider and model; O(1).
  package mutating func add(_ price: ModelPrice) {
    if let position = asWritten.exact(provider: price.provider, model: price.model) {
      models[position] = price
      return
    }
    asWritten.add(provider: price.provider, model: price.model, position: models.count)
    lowercased.add(
      provider: price.provider.lowercased(), model: price.model.lowercased(), position: models.count)
    models.append(price)
  }

  /// Takes over every price of `other`, whose entries win; the fallback stays.
  package mutating func merge(_ other: PriceTable) {
    for price in other.models { add(price) }
  }

  /// The best price for a model, by the means of `PriceMatch.Means` in their order; names are tried in lower case last.
  ///
  /// O(length of the name), independent of the size of the table.
  package func lookup(provider: String?, model: String) -> PriceMatch {
    if let found = find(provider: provider, model: model) {
      return PriceMatch(price: models[found.position], matchedBy: found.means)
    }
    let price = ModelPrice(provider: provider ?? "", model: model, rates: fallback ?? .free)
    return PriceMatch(price: price, matchedBy: fallback == nil ? .none : .fallback)
  }

  /// Where the best price for a model stands among `models`; `nil` when there is none.
  func position(provider: String?, model: String) -> Int? { find(provider: provider, model: model)?.position }

  /// The rates of a request with this whole prompt. O(steps).
  /// - Parameter position: negative for a model without a price.
  @inline(__always)
  func rates(at position: Int, promptTokens: Int64) -> TokenRates {
    position >= 0 ? models[position].rates(promptTokens: promptTokens) : fallback ?? .free
  }

  private func find(provider: String?, model: String) -> (position: Int, means: PriceMatch.Means)? {
    asWritten.find(provider: provider, model: model)
      ?? lowercased.find(provider: provider?.lowercased(), model: model.lowercased())
  }
}
