/// A price that was found, and how sure it is.
package struct PriceMatch: Hashable, Sendable {
  package enum Means: String, Hashable, Sendable {
    /// Provider and model as asked for.
    case exact
    /// The model, under another provider or none asked for.
    case model
    /// The model after provider and region prefixes were taken off.
    case providerPrefix
    /// The model after a date or version was taken off its end, or its newest dated form.
    case datedAlias
    /// Nothing is known of the model: the configured rates.
    case fallback
    /// Nothing is known of the model and no rates are configured: costs nothing, and says so.
    case none
  }

  package var price: ModelPrice
  package var matchedBy: Means

  package init(price: ModelPrice, matchedBy: Means) {
    self.price = price
    self.matchedBy = matchedBy
  }

  /// Whether the rates are not those of this model.
  package var isEstimated: Bool { matchedBy == .fallback || matchedBy == .none }
}
