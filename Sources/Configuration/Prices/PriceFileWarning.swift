/// An entry of a price file that was passed over, and why.
package struct PriceFileWarning: Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    /// The model takes and gives tokens, but the file has no price for one of the two.
    case noTokenPrice
    /// Another entry of the same provider and model has different rates; this one counts.
    case replacesAnother
  }

  package var model: String
  package var reason: Reason

  package init(model: String, reason: Reason) {
    self.model = model
    self.reason = reason
  }

  package var description: String {
    switch reason {
    case .noTokenPrice: "\(model): left out, as it has no price per input and output token"
    case .replacesAnother: "\(model): takes the place of another entry of the same model with other rates"
    }
  }
}
