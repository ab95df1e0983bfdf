import BudgetCore

/// The rules of a usage line once more, slowly and in strings: to hold the real parser to.
///
/// Takes Latin-1 text, one character a byte. Amounts are floating-point, so good to 15 digits.
struct ReferenceLineParser {
  enum Verdict: Equatable {
    case counted(kind: UsageEvent.Kind, amounts: [Double], weight: Double, timestamp: Int64?, tags: String)
    case rejected(RejectReason)
    case ignored(IgnoreReason)
    /// So near a bound that floating-point numbers cannot tell the side.
    case undecided
  }

  private struct Refusal: Error { var reason: RejectReason }
  private struct TooNear: Error {}

  static func read(_ line: String) -> Verdict {
    if line.hasPrefix("_e{") { return .ignored(.event) }
    if line.hasPrefix("_sc|") { return .ignored(.serviceCheck) }
    do {
      return try readMetric(line)
    } catch let refusal as Refusal {
      return .rejected(refusal.reason)
    } catch {
      return .undecided
    }
  }

  private static func readMetric(_ line: String) throws -> Verdict {
    guard let colon = line.firstIndex(of: ":") else { throw Refusal(reason: .missingValue) }
    let name = String(line[..<colon])
    if name.isEmpty { throw Refusal(reason: .missingName) }
    if name.contains("|") { throw Refusal(reason: .missingValue) }
    let kinds: [String: UsageEvent.Kind] = [
      "tokens": .tokens, "cost": .cost, "requests": .requests, "items": .items, "duration": .duration,
    ]
    let kind = kinds[name]
    if kind == nil, String(validating: name.unicodeScalars.map { UInt8($0.value) }, as: UTF8.self) == nil {
      throw Refusal(reason: .invalidUTF8)
    }
    let sections = line[line.index(after: colon)...].split(separator: "|", omittingEmptySubsequences: false).map(
      String.init)
    guard sections.count > 1, !sections[1].isEmpty else { throw Refusal(reason: .missingType) }
    let type = sections[1]
    guard ["c", "g", "ms", "h", "d", "s"].contains(type) else { throw Refusal(reason: .unknownType) }
    let (rate, timestamp, tags) = try readFields(sections.dropFirst(2))
    let values = sections[0].split(separator: ":").map(String.init)
    guard let kind else {
      if sections[0].isEmpty { throw Refusal(reason: .missingValue) }
      if type != "s" { for value in values { _ = try number(value) } }
      return .ignored(.unknownMetric)
    }
    guard kind == .duration ? ["ms", "h", "d"].contains(type) : type == "c" else {
      throw Refusal(reason: .conflictingType)
    }
    let amounts = try readValues(values, of: kind, type: type, rate: kind == .duration ? 1 : rate)
    return .counted(
      kind: kind, amounts: amounts, weight: kind == .duration ? 1 / rate : 1, timestamp: timestamp, tags: tags)
  }

  private static func readFields(_ fields: some Sequence<String>) throws -> (
    rate: Double, timestamp: Int64?, tags: String
  ) {
    var rate = 1.0
    var timestamp: Int64?
    var tags = ""
    for field in fields {
      let content = String(field.dropFirst())
      switch field.first {
      case "#": tags = content
      case "@":
        guard let value = try? number(content), !content.hasPrefix("-"), value >= 1e-9, value <= 1 else {
          throw Refusal(reason: .badSampleRate)
        }
        // A rate has nine decimals; what comes behind them is dropped. The nudge undoes what binary fractions lose.
        rate = (value * 1e9 + 1e-4).rounded(.down) / 1e9
      case "T":
        guard !content.isEmpty, content.count <= 12, content.allSatisfy({ "0123456789".contains($0) }) else {
          throw Refusal(reason: .badTimestamp)
        }
        timestamp = Int64(content)
      default: break
      }
    }
    return (rate, timestamp, tags)
  }

  private static func readValues(_ values: [String], of kind: UsageEvent.Kind, type: String, rate: Double) throws
    -> [Double]
  {
    let (scale, bound): (Double, Double) =
      switch kind {
      case .cost: (1e12, 9e18)
      case .duration: (type == "ms" ? 1e6 : 1e9, 1e18)
      default: (1, 1e15)
      }
    var amounts: [Double] = []
    for value in values {
      let amount = try number(value) * scale
      if value.hasPrefix("-"),
        value.prefix(while: { $0 != "e" && $0 != "E" }).contains(where: { "123456789".contains($0) })
      {
        throw Refusal(reason: .negative)
      }
      try check(amount, below: bound, isExact: true)
      amounts.append(amount)
      if kind != .duration { try check(amounts.reduce(0, +), below: bound, isExact: amounts.count == 1) }
    }
    if amounts.isEmpty { throw Refusal(reason: .missingValue) }
    if kind == .duration { return amounts }
    let sum = amounts.reduce(0, +) / rate
    try check(sum, below: bound, isExact: amounts.count == 1 && rate == 1)
    return [sum]
  }

  private static func check(_ amount: Double, below bound: Double, isExact: Bool) throws {
    let isNear = abs(amount - bound) <= bound * 1e-12
    if isNear, !(isExact && amount == bound) { throw TooNear() }
    if amount > bound { throw Refusal(reason: .outOfRange) }
  }

  /// Swift's own reading of what consists of the right characters.
  private static func number(_ text: String) throws -> Double {
    guard text.allSatisfy({ "0123456789+-.eE".contains($0) }), let value = Double(text) else {
      throw Refusal(reason: .notANumber)
    }
    return value
  }
}
