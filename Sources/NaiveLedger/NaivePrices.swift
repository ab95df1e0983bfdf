import BudgetCore

/// Prices once more, as a function.
enum NaivePrices {
  /// A prompt of more than so many tokens makes every token of a call to `stepped` dearer.
  static let step: Int64 = 500

  static let models = ["flat", "stepped", "nobody-knows-it"]

  /// Picodollars of one token.
  static func rate(_ model: String, _ kind: TokenKind, prompt: Int64) -> Quantity {
    switch (model, kind) {
    case ("flat", .output): 10_000_000
    case ("flat", .cacheRead): 1_250_000
    case ("flat", _): 2_500_000
    case ("stepped", .output): prompt > step ? 22_500_001 : 15_000_000
    case ("stepped", .cacheRead): prompt > step ? 600_000 : 300_000
    case ("stepped", _): prompt > step ? 6_000_000 : 3_000_000
    case (_, .output): 15_000_000
    default: 5_000_000
    }
  }

  /// The same for the core.
  static let table: PriceTable = {
    func rates(_ model: String, prompt: Int64) -> TokenRates {
      func rate(_ kind: TokenKind) -> Int64 { Int64(Self.rate(model, kind, prompt: prompt)) }
      return TokenRates(input: rate(.input), output: rate(.output), cacheRead: rate(.cacheRead))
    }
    var table = PriceTable([
      ModelPrice(provider: "", model: "flat", rates: rates("flat", prompt: 0)),
      ModelPrice(
        provider: "", model: "stepped", rates: rates("stepped", prompt: 0),
        steps: [ModelPrice.Step(aboveTokens: step, rates: rates("stepped", prompt: step + 1))]),
    ])
    table.fallback = rates("nobody-knows-it", prompt: 0)
    return table
  }()
}
