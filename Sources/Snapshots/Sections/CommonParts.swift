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
    var memory = ActMemory()
    return try spend(&memory)
  }

  mutating func spend(_ memory: inout ActMemory) throws(SnapshotError) -> Spend {
    memory.tokens.removeAll(keepingCapacity: true)
    for _ in 0..<(try count()) {
      memory.tokens.append(TokenAmount(kind: try tokenKind(), count: try signed()))
    }
    var spend = Spend(tokens: memory.tokens, cost: try quantity(), requests: try signed())
    spend.items = try signed()
    return spend
  }

  private mutating func tokenKind() throws(SnapshotError) -> TokenKind {
    let start = self
    let bytes = try take(count())
    if let known = TokenKind.known(named: bytes) { return known }
    self = start
    return TokenKind(name: try text())
  }

  /// The tags, as they were made from the same bytes before.
  mutating func tagSet(_ memory: inout ActMemory) throws(SnapshotError) -> TagSet {
    let start = self
    for _ in 0..<(try count()) {
      try skip(count())
      try skip(count())
    }
    let bytes = taken(since: start)
    if let known = memory.tags(bytes) { return known }
    self = start
    let tags = try tagSet()
    memory.remember(tags, of: bytes)
    return tags
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

extension TokenKind {
  /// The kind of this name, unless it is a user's own.
  fileprivate static func known(named bytes: UnsafeRawBufferPointer) -> TokenKind? {
    // No two of them are equally long.
    let kind: TokenKind
    switch bytes.count {
    case 5: kind = .input
    case 6: kind = .output
    case 9: kind = .reasoning
    case 10: kind = .cacheRead
    case 11: kind = .cacheWrite
    default: return nil
    }
    return bytes.elementsEqual(kind.name.utf8) ? kind : nil
  }
}
