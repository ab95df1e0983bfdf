/// One tag of a usage line or request.
package struct Tag: Hashable, Sendable {
  package var key: String
  package var value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// The tags of one request in canonical order: sorted by key, one value a key.
///
/// `kind` is the short spelling of `token_type` and is stored as that. An empty value is an absent tag.
package struct TagSet: Hashable, Sendable {
  package private(set) var tags: [Tag]

  package static let empty = TagSet([])

  /// The later of two tags with one key wins.
  package init(_ unordered: [Tag]) {
    var sorted: [Tag] = []
    sorted.reserveCapacity(unordered.count)
    for tag in unordered {
      let key = tag.key == TagName.kind ? TagName.tokenType : tag.key
      if let index = sorted.firstIndex(where: { $0.key >= key }) {
        if sorted[index].key == key {
          sorted[index].value = tag.value
        } else {
          sorted.insert(Tag(key: key, value: tag.value), at: index)
        }
      } else {
        sorted.append(Tag(key: key, value: tag.value))
      }
    }
    sorted.removeAll { $0.value.isEmpty }
    tags = sorted
  }

  package subscript(key: String) -> String? {
    tags.first { $0.key == key }?.value
  }

  package func removing(_ key: String) -> TagSet {
    var copy = self
    copy.tags.removeAll { $0.key == key }
    return copy
  }

  package func setting(_ key: String, to value: String) -> TagSet { TagSet(tags + [Tag(key: key, value: value)]) }

  /// An encoding that no raw spelling of a usage line can equal (it starts with a byte that UTF-8 has not).
  package var encoded: [UInt8] {
    var bytes: [UInt8] = [Self.encodingMark]
    for tag in tags {
      bytes.append(contentsOf: tag.key.utf8)
      bytes.append(0xFE)
      bytes.append(contentsOf: tag.value.utf8)
      bytes.append(0xFE)
    }
    return bytes
  }
}

/// Tags that mean something to the ledger.
package enum TagName {
  package static let agent = "agent"
  package static let user = "user"
  package static let model = "model"
  package static let provider = "provider"
  package static let tokenType = "token_type"
  package static let kind = "kind"
  /// Usage with an id that was seen in the last 15 minutes is counted once.
  package static let id = "id"
  /// Usage with this tag settles that hold.
  package static let reservation = "reservation"
  /// Tokens with this tag count against that allocation of a pool too.
  package static let allocation = "allocation"
}

extension TagSet {
  /// The first byte of `encoded`.
  static let encodingMark: UInt8 = 0xFF

  /// Reads back what `encoded` wrote.
  init(encoded bytes: UnsafeRawBufferPointer) {
    var parts = bytes.dropFirst().split(separator: 0xFE, omittingEmptySubsequences: false).makeIterator()
    var tags: [Tag] = []
    while let key = parts.next(), let value = parts.next() {
      tags.append(Tag(key: String(decoding: key, as: UTF8.self), value: String(decoding: value, as: UTF8.self)))
    }
    self.tags = tags
  }
}
