/// The list prices that come with the program.
package enum BuiltInPrices {
  /// Parsed once, when first asked for.
  package static let models: [ModelPrice] = parse(table)

  /// Reads lines of `provider,model,input,output,cache_read,cache_write,step_tokens,step_input,step_output,
  /// step_cache_read,max_output_tokens`; prices in USD per million tokens. A line that is not one is left out.
  static func parse(_ table: String) -> [ModelPrice] {
    table.utf8.split(separator: UInt8(ascii: "\n")).compactMap { price(line: $0) }
  }

  private static func price(line: Substring.UTF8View) -> ModelPrice? {
    let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard fields.count == 11, let input = picodollars(fields[2]), let output = picodollars(fields[3]) else {
      return nil
    }
    let rates = TokenRates(
      input: input, output: output, cacheRead: picodollars(fields[4]), cacheWrite: picodollars(fields[5]))
    var steps: [ModelPrice.Step] = []
    if let aboveTokens = Int64(Substring(fields[6])) {
      guard let stepInput = picodollars(fields[7]), let stepOutput = picodollars(fields[8]) else { return nil }
      let stepRates = TokenRates(
        input: stepInput, output: stepOutput,
        cacheRead: picodollars(fields[9]) ?? proportional(rates.cacheRead, to: stepInput, over: input),
        cacheWrite: proportional(rates.cacheWrite, to: stepInput, over: input))
      steps = [ModelPrice.Step(aboveTokens: aboveTokens, rates: stepRates)]
    }
    return ModelPrice(
      provider: String(Substring(fields[0])), model: String(Substring(fields[1])), rates: rates, steps: steps,
      maxOutputTokens: Int64(Substring(fields[10])))
  }

  /// Providers price cache use as a multiple of input, and keep the multiple above a step. Rounded up.
  private static func proportional(_ rate: Int64?, to stepInput: Int64, over input: Int64) -> Int64? {
    guard let rate, input > 0 else { return rate }
    return Int64(clamping: (Int128(rate) * Int128(stepInput) + Int128(input) - 1) / Int128(input))
  }

  /// USD per million tokens as picodollars per token, exactly; `nil` for anything but a plain decimal of at most six
  /// fractional digits.
  private static func picodollars(_ field: Substring.UTF8View) -> Int64? {
    let parts = field.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let dollars = UInt32(Substring(parts[0])) else { return nil }
    guard parts.count == 2 else { return Int64(dollars) * 1_000_000 }
    guard (1...6).contains(parts[1].count), var fraction = UInt32(Substring(parts[1])) else { return nil }
    for _ in parts[1].count..<6 { fraction *= 10 }
    return Int64(dollars) * 1_000_000 + Int64(fraction)
  }
}
