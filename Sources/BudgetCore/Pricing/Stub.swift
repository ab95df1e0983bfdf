package enum TokenKind: Hashable, Sendable {
  case input, output, cacheRead, cacheWrite, reasoning, other(String)
  package init(name: String) { self = name == "input" ? .input : name == "output" ? .output : .other(name) }
  package var name: String { switch self { case .input: "input"; case .output: "output"; case .other(let n): n; default: "x" } }
}
package struct PriceMatch: Sendable { package let price: ModelPrice; package let isEstimated: Bool }
extension TokenRates { package func rate(for kind: TokenKind) -> Int64 { input } }
extension ModelPrice { package func rates(promptTokens: Int64) -> TokenRates { rates } }
extension PriceTable { package func lookup(provider: String?, model: String) -> PriceMatch { PriceMatch(price: ModelPrice(provider: "", model: "", rates: TokenRates(input: 1, output: 1)), isEstimated: true) } }
