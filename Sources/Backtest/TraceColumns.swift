/// What the columns of a trace mean, by their names.
///
/// Time is one of `time` or `timestamp` (seconds since 1970, or RFC 3339), `minute`, `bin` (of `binLength` seconds), or `day` and
/// `hour`; all but the first two count from a Monday's midnight. Amounts are `input_tokens`, `output_tokens`, `tokens`,
/// `requests` and `cost_usd`. Every other column is a tag. Columns named as requests are summed to that.
package struct TraceColumns: Sendable {
  enum Meaning: Hashable {
    case seconds, minute, bin, day, hour
    case inputTokens, outputTokens, requests, cost
    case tag(String)
  }

  /// Seconds in a `bin`.
  package var binLength: Int64 = 600
  /// Columns that count requests.
  package var requestColumns: Set<String> = []

  package init() {}

  /// - Throws: `BadRow` where they say no time, more than one, or nothing that is used.
  func meanings(of names: [String]) throws(Trace.BadRow) -> [Meaning] {
    let meanings = names.map { meaning(of: $0) }
    func count(_ meaning: Meaning) -> Int { meanings.filter { $0 == meaning }.count }
    let times = count(.seconds) + count(.minute) + count(.bin) + max(count(.day), count(.hour))
    let isTime = times > 0 && count(.day) == count(.hour)
    let found = String(names.joined(separator: ",").prefix(80))
    guard isTime else {
      throw Trace.BadRow(
        line: 1,
        problem:
          "no column of time in '\(found)': name one time, minute or bin, or two day and hour, with a comma between "
          + "names")
    }
    guard times == 1 else {
      throw Trace.BadRow(line: 1, problem: "more than one column of time in '\(found)': leave one")
    }
    let amounts: Set<Meaning> = [.inputTokens, .outputTokens, .requests, .cost]
    guard meanings.contains(where: amounts.contains) else {
      throw Trace.BadRow(
        line: 1,
        problem:
          "no column of amounts in '\(found)': name one tokens, input_tokens, output_tokens, requests or cost_usd")
    }
    return meanings
  }

  private func meaning(of name: String) -> Meaning {
    if requestColumns.contains(name) { return .requests }
    return switch name {
    case "time", "timestamp": .seconds
    case "minute": .minute
    case "bin": .bin
    case "day": .day
    case "hour": .hour
    case "input_tokens", "tokens": .inputTokens
    case "output_tokens": .outputTokens
    case "requests": .requests
    case "cost_usd": .cost
    default: .tag(name)
    }
  }

  /// Seconds that a row covers.
  func rowLength(_ columns: [Meaning]) -> Int64 {
    if columns.contains(.bin) { return binLength }
    if columns.contains(.minute) { return 60 }
    return columns.contains(.hour) ? 3600 : 0
  }
}
