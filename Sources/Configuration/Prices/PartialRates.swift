import BudgetCore

/// The rates that an entry, a step or a tier names; what is missing comes from elsewhere.
struct PartialRates: Hashable {
  var input: Int64?
  var output: Int64?
  var cacheRead: Int64?
  var cacheWrite: Int64?
  var reasoning: Int64?

  /// The keys of a price file, without the suffix of a step.
  static let fields: [(key: String, path: any WritableKeyPath<PartialRates, Int64?> & Sendable)] = [
    ("input_cost_per_token", \.input),
    ("output_cost_per_token", \.output),
    ("cache_read_input_token_cost", \.cacheRead),
    ("cache_creation_input_token_cost", \.cacheWrite),
    ("output_cost_per_reasoning_token", \.reasoning),
  ]

  /// These rates, and those of `base` where there are none.
  func filled(from base: PartialRates) -> PartialRates {
    PartialRates(
      input: input ?? base.input, output: output ?? base.output, cacheRead: cacheRead ?? base.cacheRead,
      cacheWrite: cacheWrite ?? base.cacheWrite, reasoning: reasoning ?? base.reasoning)
  }

  /// `nil` without a rate for input or output.
  var complete: TokenRates? {
    guard let input, let output else { return nil }
    return TokenRates(
      input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite, reasoning: reasoning)
  }
}
