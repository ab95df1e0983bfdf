/// Tokens of one kind.
package struct TokenAmount: Hashable, Sendable {
  package var kind: TokenKind
  package var count: Int64

  package init(kind: TokenKind, count: Int64) {
    self.kind = kind
    self.count = count
  }

  /// What they cost, at most `Spend.largestCost`.
  @inline(__always)
  func cost(at rates: TokenRates) -> Quantity {
    // Two 64-bit factors always fit 128 bits.
    min(Spend.largestCost, Quantity(count) &* Quantity(rates.rate(for: kind)))
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
  static var largestCost: Quantity { 1 << 100 }

  /// What it costs altogether.
  func cost(at rates: TokenRates) -> Quantity {
    let tokens = tokens.span
    var sum = cost
    for index in tokens.indices { sum = sum.saturatingAdd(tokens[index].cost(at: rates)) }
    return sum
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
    let tokens = tokens.span
    var seen: UInt8 = 0
    for index in tokens.indices {
      if tokens[index].count < 0 { return false }
      let mark: UInt8 = 1 << tokens[index].kind.code
      // Kinds of the user's own share a mark.
      if seen & mark != 0, isRepeated(index) { return false }
      seen |= mark
    }
    return true
  }

  @inline(never)
  private func isRepeated(_ index: Int) -> Bool { tokens[..<index].contains { $0.kind == tokens[index].kind } }

  package var tokenCount: Int64 { sums.tokenCount }

  /// The whole prompt: what decides a price step.
  package var promptTokens: Int64 { sums.prompt }

  /// Whether both name the same kinds of tokens in the same order.
  func hasSameKinds(as other: Spend) -> Bool {
    let (tokens, others) = (tokens.span, other.tokens.span)
    guard tokens.count == others.count else { return false }
    for index in tokens.indices {
      let code = tokens[index].kind.code
      if code != others[index].kind.code { return false }
      if code == TokenKind.codeOfOthers, tokens[index].kind != others[index].kind { return false }
    }
    return true
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

extension Spend {
  /// What the tokens of a call come to.
  struct Sums {
    var tokens: Quantity = 0
    /// The whole prompt.
    var prompt: Int64 = 0
    /// Output and reasoning together.
    var output: Int64 = 0
    /// Whether output is among the tokens, reasoning counting as output.
    var namesOutput = false

    var tokenCount: Int64 { Int64(clamping: tokens) }
  }

  /// O(kinds), and no kind is copied: that would count its references.
  var sums: Sums {
    let tokens = tokens.span
    var sums = Sums()
    for index in tokens.indices {
      let count = tokens[index].count
      sums.tokens &+= Quantity(count)
      if tokens[index].kind.isPrompt {
        sums.prompt = sums.prompt.saturatingAdd(count)
      } else {
        sums.output = sums.output.saturatingAdd(count)
        sums.namesOutput = true
      }
    }
    return sums
  }
}

extension Spend {
  /// What a cap on the output of a call has to cover: output and reasoning together; `nil` where neither is named.
  var output: Int64? {
    let tokens = tokens.span
    var output: Int64?
    for index in tokens.indices where !tokens[index].kind.isPrompt {
      output = (output ?? 0).saturatingAdd(tokens[index].count)
    }
    return output
  }
}

extension TokenKind {
  /// A number for each kind but the user's own, which share `codeOfOthers`; less than 8.
  var code: UInt8 {
    switch self {
    case .other: Self.codeOfOthers
    case .input: 1
    case .output: 2
    case .cacheRead: 3
    case .cacheWrite: 4
    case .reasoning: 5
    }
  }

  static var codeOfOthers: UInt8 { 0 }

  /// Whether tokens of this kind are part of what is sent, and so of the prompt that decides a price step.
  package var isPrompt: Bool {
    switch self {
    case .output, .reasoning: false
    case .input, .cacheRead, .cacheWrite, .other: true
    }
  }
}
