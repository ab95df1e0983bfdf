import BudgetCore

// Parts that several sections share.
extension ByteWriter {
  mutating func append(_ tags: [Tag]) {
    append(count: tags.count)
    for tag in tags {
      append(tag.key)
      append(tag.value)
    }
  }
}

extension ByteWriter {
  mutating func append(_ spend: Spend) {
    append(count: spend.tokens.count)
    for amount in spend.tokens {
      append(amount.kind.name)
      append(signed: amount.count)
    }
    append(quantity: spend.cost)
    append(signed: spend.requests)
    append(signed: spend.items)
  }
}

extension ByteReader {
  mutating func spend() throws(SnapshotError) -> Spend {
    var tokens: [TokenAmount] = []
    for _ in 0..<(try count()) {
      tokens.append(TokenAmount(kind: TokenKind(name: try text()), count: try signed()))
    }
    var spend = Spend(tokens: tokens, cost: try quantity(), requests: try signed())
    spend.items = try signed()
    return spend
  }

  mutating func tags() throws(SnapshotError) -> [Tag] {
    var tags: [Tag] = []
    for _ in 0..<(try count()) { tags.append(Tag(key: try text(), value: try text())) }
    return tags
  }

  mutating func unit() throws(SnapshotError) -> BudgetUnit {
    guard let unit = BudgetUnit(rawValue: try byte()) else { throw .inconsistent("a unit is unknown") }
    return unit
  }
}
