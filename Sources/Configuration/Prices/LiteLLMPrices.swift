package import BudgetCore
import JSONText

/// Reads price files in the shape of LiteLLM's `model_prices_and_context_window.json`.
package enum LiteLLMPrices {
  /// A page of documentation in the shape of an entry.
  private static let specification = "sample_spec"

  /// The published file has a few thousand models of a few dozen members each.
  private static let limits = JSONLimits(depth: 16, values: 4_000_000)

  /// The prices of every model in the file that is charged by the token, in the file's order.
  ///
  /// `file` is its name for errors. Batch, flex and priority rates and those of long-lived caches are not read.
  package static func parse(
    _ bytes: [UInt8], file: String
  ) throws(PriceFileError) -> (prices: [ModelPrice], warnings: [PriceFileWarning]) {
    let document: JSONValue
    do throws(JSONError) {
      document = try JSONValue.parse(bytes, limits: limits)
    } catch {
      throw .malformed(file: file, error)
    }
    guard let entries = document.asObject else { throw .notAnObject(file: file) }

    var prices: [ModelPrice] = []
    var positions: [Identity: Int] = [:]
    var warnings: [PriceFileWarning] = []
    for (name, value) in entries.members where name != specification {
      guard let members = value.asObject else {
        throw .unexpectedValue(
          file: file, model: name, key: "the entry", found: value.kind, expected: "an object")
      }
      let entry = LiteLLMEntry(file: file, name: name, members: members)
      guard entry.isPricedByToken else { continue }
      guard let price = try entry.price() else {
        warnings.append(PriceFileWarning(model: name, reason: .noTokenPrice))
        continue
      }
      let identity = Identity(provider: price.provider, model: price.model)
      if let position = positions[identity] {
        if prices[position].rates != price.rates || prices[position].steps != price.steps {
          warnings.append(PriceFileWarning(model: name, reason: .replacesAnother))
        }
        prices[position] = price
      } else {
        positions[identity] = prices.count
        prices.append(price)
      }
    }
    return (prices, warnings)
  }

  private struct Identity: Hashable {
    var provider: String
    var model: String
  }
}
