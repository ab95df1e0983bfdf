/// Tokens of one kind.
package struct TokenAmount: Hashable, Sendable {
  package var kind: TokenKind
  package var count: Int64

  package init(kind: TokenKind, count: Int64) {
    self.kind = kind
    self.count = count
  }

  /// What they cost, at most `Spend.largestCost`.
  func cost(at rates: TokenRates) -> Quantity {
    min(Spend.largestCost, Quantity(count) * Quantity(rates.rate(for: kind)))
  }
}

/// What a call uses or wants to use. Nothing in it is negative.
package struct Spend: Hashable, Sendable {
  package var tokens: [TokenAmount]
  /// USD beside what the tokens cost, in picodollars.
  package var cost: Quantity
  package var requests: Int64
  package var items: Int64 = 0

  package init(tokens: [TokenAmount] = [], cost: Quantity = 0, requests: Int64 = 0) {
    self.tokens = tokens
    self.cost = cost
    self.requests = requests
  }

  /// More than anybody has, and small enough that sums of all holds stay inside `Quantity`.
  static let largestCost: Quantity = 1 << 100

  /// What it costs altogether.
  func cost(at rates: TokenRates) -> Quantity {
    tokens.reduce(cost) { $0.saturatingAdd($1.cost(at: rates)) }
  }

  /// The same with one amount a kind, nothing negative and a cost of at most `largestCost`.
  var bounded: Spend {
    if isBounded { return self }
    var bounded = Spend(cost: min(max(0, cost), Self.largestCost), requests: max(0, requests))
    bounded.items = max(0, items)
    for amount in tokens {
      let count = max(0, amount.count)
      if let index = bounded.tokens.firstIndex(where: { $0.kind == amount.kind }) {
        bounded.tokens[index].count = bounded.tokens[index].count.saturatingAdd(count)
      } else {
        bounded.tokens.append(TokenAmount(kind: amount.kind, count: count))
      }
    }
    return bounded
  }

  var isBounded: Bool {
    guard cost >= 0, cost <= Self.largestCost, requests >= 0, items >= 0 else { return false }
    for (index, amount) in tokens.enumerated() {
      if amount.count < 0 || tokens[..<index].contains(where: { $0.kind == amount.kind }) { return false }
    }
    return true
  }

  package var tokenCount: Int64 { tokens.reduce(0) { $0.saturatingAdd($1.count) } }

  /// The whole prompt: what decides a price step.
  package var promptTokens: Int64 {
    tokens.reduce(0) { $1.kind.isPrompt ? $0.saturatingAdd($1.count) : $0 }
  }

  /// Whether both name the same kinds of tokens in the same order.
  func hasSameKinds(as other: Spend) -> Bool {
    guard tokens.count == other.tokens.count else { return false }
    return tokens.indices.allSatisfy { tokens[$0].kind == other.tokens[$0].kind }
  }

  package var outputTokens: Int64? { tokens.first { $0.kind == .output }?.count }

  package func settingOutput(_ count: Int64) -> Spend {
    var changed = self
    for index in changed.tokens.indices where changed.tokens[index].kind == .output {
      changed.tokens[index].count = count
    }
    return changed
  }
}

/// Who wants to spend what.
package struct SpendRequest: Sendable {
  package var tags: TagSet
  package var spend: Spend
  /// Whether less output than asked for will do.
  package var partial: Bool
  /// Whether output is to be estimated when the spend names none.
  package var estimatesOutput = false
  /// How urgent it is: who waits how long when callers are slowed down.
  package var priority = Priority.normal

  package init(tags: TagSet, spend: Spend, partial: Bool = false) {
    self.tags = tags
    self.spend = spend
    self.partial = partial
  }
}

extension TokenKind {
  /// Whether tokens of this kind are part of what is sent, and so of the prompt that decides a price step.
  package var isPrompt: Bool {
    switch self {
    case .output, .reasoning: false
    case .input, .cacheRead, .cacheWrite, .other: true
    }
  }
}
