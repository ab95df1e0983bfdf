import BudgetCore
import JSONText
import LedgerAccess

// Tokens and cost of a call to come.
extension ControlRoutes {
  /// `POST /v1/estimate`: tokens by kind, the exact cost of them, and the rates that make it. No side effect.
  func estimate(_ request: HTTPRequest) -> HTTPResponse {
    do throws(BadRequest) {
      let body = try EstimateBody(request.body)
      if let refusal = request.caller.refusal(of: body.request.tags.tags) { return refusal }
      return .json(Self.render(ledger.estimate(body.request)))
    } catch {
      return error.response
    }
  }

  private static func render(_ estimate: CallEstimate) -> [UInt8] {
    var json = JSONWriter(reserving: 512)
    json.beginObject()
    json.key("tokens")
    json.beginObject()
    for amount in estimate.spend.tokens {
      json.key(named: amount.kind.name)
      json.int(amount.count)
    }
    json.endObject()
    json.key("output_source")
    json.string(estimate.outputSource.name)
    json.key("cost_usd")
    json.dollars(Money(picodollars: estimate.cost))
    json.key("price")
    json.beginObject()
    json.key("provider")
    json.string(estimate.match.price.provider)
    json.key("model")
    json.string(estimate.match.price.model)
    json.key("matched_by")
    json.string(estimate.match.matchedBy.wireName)
    json.key("estimated")
    json.bool(estimate.match.isEstimated)
    json.key("usd_per_token")
    json.beginObject()
    for kind in [TokenKind.input, .output, .cacheRead, .cacheWrite, .reasoning] {
      json.key(named: kind.name)
      json.dollars(Money(picodollars: Quantity(estimate.rates.rate(for: kind))))
    }
    json.endObject()
    json.endObject()
    json.endObject()
    return json.bytes
  }
}

extension PriceMatch.Means {
  /// As bodies write it.
  fileprivate var wireName: String {
    switch self {
    case .exact: "exact"
    case .model: "model"
    case .providerPrefix: "provider_prefix"
    case .datedAlias: "dated_alias"
    case .fallback: "fallback"
    case .none: "none"
    }
  }
}
