package import BudgetCore

/// Adds up awkward prices in a ledger, line by line, and says what they come to by one multiplication each.
///
/// A batch is 1,000 lines, most of them of a single token, and one usage object; it is counted again and again, a
/// millisecond apart, in lifetime and rolling accounts of tokens and cost and in series.
package struct ExactSums: ~Copyable {
  package static let linesPerBatch = 1000

  /// What one line adds, in tokens and picodollars.
  private struct Line {
    var event: UsageEvent.Kind
    var amount: Int64
    var tags: [UInt8]
    var tokens: Quantity
    var cost: Quantity
  }

  /// Picodollars a token: 2.50, 10, 0.15, 0.075 and 0.30 USD a million, and what no decimal fraction of a dollar is.
  private static let rates: [Int64] = [2_500_000, 10_000_000, 150_000, 75_000, 300_000, 333_333, 1, 12_345_679]

  package private(set) var batches = 0
  private var ledger: Ledger
  private let lines: [Line]
  private let object: (spend: Spend, tags: TagSet, tokens: Quantity, cost: Quantity)
  private let start = Instant(seconds: 1_780_000_000)

  package init() {
    var settings = LedgerSettings()
    settings.prices = PriceTable(
      Self.rates.map { rate in
        ModelPrice(provider: "", model: "m\(rate)", rates: TokenRates(input: rate, output: 3 * rate))
      })
    settings.budgets = [
      Budget(name: "tokens", limit: nil, window: .lifetime(idleExpiry: nil)),
      Budget(name: "cost", unit: .cost, limit: nil, window: .lifetime(idleExpiry: nil)),
      Budget(name: "day", per: ["model"], unit: .cost, limit: nil, window: .rolling(.hours(24))),
    ]
    ledger = Ledger(settings: settings, seed: 1)
    lines = (0..<Self.linesPerBatch).map { number in
      let rate = Self.rates[number % Self.rates.count]
      let tags = "agent:a\(number % 3),model:m\(rate)"
      // Every tenth line is cost that no tokens caused: 0.000123456789 USD and some picodollars.
      if number % 10 == 9 {
        let cost = Int64(123_456_789 + number)
        return Line(event: .cost, amount: cost, tags: Array(tags.utf8), tokens: 0, cost: Quantity(cost))
      }
      let tokens: Int64 = number % 97 == 0 ? 999_983 : 1
      let isOutput = number % 4 == 3
      return Line(
        event: .tokens, amount: tokens, tags: Array((tags + (isOutput ? ",kind:output" : "")).utf8),
        tokens: Quantity(tokens), cost: Quantity(tokens) * Quantity(rate) * (isOutput ? 3 : 1))
    }
    object = (
      Spend(
        tokens: [TokenAmount(kind: .input, count: 7), TokenAmount(kind: .output, count: 1)], cost: 999_999_999_999,
        requests: 1),
      TagSet([Tag(key: "agent", value: "a0"), Tag(key: "model", value: "m333333")]), 8,
      7 * 333_333 + 3 * 333_333 + 999_999_999_999
    )
  }

  /// Counts the batch so many times more.
  package mutating func add(batches count: Int) {
    let bytes = lines.flatMap(\.tags)
    bytes.withUnsafeBytes { raw in
      var offset = 0
      let events = lines.map { line in
        let tags = raw.baseAddress! + offset
        offset += line.tags.count
        return UsageEvent(
          kind: line.event, amount: line.amount, tags: tags, tagsLength: line.tags.count,
          hash: ByteHash.hash(tags, count: line.tags.count, seed: ledger.seed))
      }
      events.withUnsafeBufferPointer { events in
        for _ in 0..<count {
          batches += 1
          let now = Moment(start + .milliseconds(Int64(batches)))
          ledger.apply(events, now: now)
          _ = ledger.record(object.spend, tags: object.tags, now: now)
        }
      }
    }
  }

  /// Every sum that is not exact, as a sentence.
  package mutating func differences() -> [String] {
    let tokens = (lines.reduce(object.tokens) { $0 + $1.tokens }) * Quantity(batches)
    let cost = (lines.reduce(object.cost) { $0 + $1.cost }) * Quantity(batches)
    let now = Moment(start + .milliseconds(Int64(batches)))
    let accounts = ledger.accountStatuses(now: now)
    let series = ledger.view(now: now).series
    func used(_ name: String, _ part: (AccountStatus) -> Quantity) -> Quantity {
      accounts.reduce(0) { $1.budget.name == name ? $0 + part($1) : $0 }
    }
    let sums: [(what: String, found: Quantity, expected: Quantity)] = [
      ("tokens of the account", used("tokens", \.used), tokens),
      ("cost of the account", used("cost", \.used), cost),
      ("cost of the models' accounts in all", used("day", \.usedTotal), cost),
      ("cost of the models' accounts of the last day", used("day", \.used), cost),
      ("tokens of the series", series.reduce(0) { $0 + Quantity($1.tokens) }, tokens),
      ("cost of the series", series.reduce(0) { $0 + $1.cost }, cost),
    ]
    return sums.filter { $0.found != $0.expected }.map { "\($0.what): \($0.found), not \($0.expected)" }
  }

  /// What was added up, in picodollars.
  package var total: Money { Money(picodollars: (lines.reduce(object.cost) { $0 + $1.cost }) * Quantity(batches)) }
}
