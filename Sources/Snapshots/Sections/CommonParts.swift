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

extension ByteReader {
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
