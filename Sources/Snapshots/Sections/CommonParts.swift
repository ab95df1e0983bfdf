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
  /// As the same tags in a list.
  mutating func append(_ tags: TagSet) {
    append(count: tags.count)
    tags.forEachPair { key, value in
      append(count: key.count)
      append(key)
      append(count: value.count)
      append(value)
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
      tokens.append(TokenAmount(kind: try tokenKind(), count: try signed()))
    }
    var spend = Spend(tokens: tokens, cost: try quantity(), requests: try signed())
    spend.items = try signed()
    return spend
  }

  private static let knownKinds: [(name: [UInt8], kind: TokenKind)] = [
    TokenKind.input, .output, .cacheRead, .cacheWrite, .reasoning,
  ].map { (Array($0.name.utf8), $0) }

  private mutating func tokenKind() throws(SnapshotError) -> TokenKind {
    let start = self
    let bytes = try take(count())
    for (name, kind) in Self.knownKinds where name.count == bytes.count && bytes.elementsEqual(name) { return kind }
    self = start
    return TokenKind(name: try text())
  }

  /// The same tags as `tags`, without a text of each when they stand in the order in which they are kept.
  mutating func tagSet() throws(SnapshotError) -> TagSet {
    let start = self
    var builder = TagSet.Builder()
    for _ in 0..<(try count()) {
      let key = try take(count())
      guard builder.append(key, try take(count())) else {
        self = start
        return TagSet(try tags())
      }
    }
    return builder.finish()
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
