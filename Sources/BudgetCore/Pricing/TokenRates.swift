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

  package static let free = TokenRates(input: 0, output: 0)

  /// Picodollars for one token of `kind`.
  package func rate(for kind: TokenKind) -> Int64 {
    switch kind {
    case .input, .other: input
    case .output: output
    case .cacheRead: cacheRead ?? input
    case .cacheWrite: cacheWrite ?? input
    case .reasoning: reasoning ?? output
    }
  }
}
