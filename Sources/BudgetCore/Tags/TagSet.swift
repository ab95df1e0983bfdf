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
/// Kept as the bytes that routes are found by: a copy is one reference, and nothing is spelled out twice.
package struct TagSet: Hashable, Sendable {
  /// Each key and each value with an end mark behind it, after a first byte that UTF-8 has not: no raw spelling of a
  /// usage line can equal it.
  package let encoded: [UInt8]
  /// Which of the tags that mean something to the ledger are there: most calls have none of them.
  let marks: Marks

  /// Tags that are no part of what a call is counted as, or not of all of it.
  struct Marks: OptionSet, Hashable {
    let rawValue: UInt8

    static let tokenType = Marks(rawValue: 1)
    static let id = Marks(rawValue: 2)
    static let reservation = Marks(rawValue: 4)
    static let allocation = Marks(rawValue: 8)
    static let fingerprint = Marks(rawValue: 16)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No mark for any other key.
    init(key: String) {
      self =
        switch key {
        case TagName.tokenType: .tokenType
        case TagName.id: .id
        case TagName.reservation: .reservation
        case TagName.allocation: .allocation
        case TagName.fingerprint: .fingerprint
        default: []
        }
    }
  }

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
    self.init(canonical: sorted)
  }

  private init(canonical tags: [Tag]) {
    var length = 1
    var marks: Marks = []
    for tag in tags {
      length += tag.key.utf8.count + tag.value.utf8.count + 2
      marks.formUnion(Marks(key: tag.key))
    }
    self.marks = marks
    encoded = [UInt8](unsafeUninitializedCapacity: length) { bytes, count in
      bytes[0] = Self.encodingMark
      count = 1
      for tag in tags {
        Self.append(tag.key, to: bytes, at: &count)
        Self.append(tag.value, to: bytes, at: &count)
      }
    }
  }

  private static func append(_ text: String, to bytes: UnsafeMutableBufferPointer<UInt8>, at end: inout Int) {
    for byte in text.utf8 {
      bytes[end] = byte
      end += 1
    }
    bytes[end] = endMark
    end += 1
  }

  /// The tags one by one: for readers, not for every call. O(bytes), with an allocation for each long text.
  package var tags: [Tag] { Self.tags(in: encoded) }

  /// The value of a tag; O(bytes).
  package subscript(key: String) -> String? {
    var key = key
    return key.withUTF8 { key in
      encoded.withUnsafeBytes { bytes in
        var start = 1
        while start < bytes.count {
          let keyEnd = Self.end(of: start, in: bytes)
          let valueEnd = Self.end(of: keyEnd + 1, in: bytes)
          if keyEnd - start == key.count,
            key.isEmpty || ByteHash.equal(bytes.baseAddress! + start, key.baseAddress!, count: key.count)
          {
            return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[(keyEnd + 1)..<valueEnd]), as: UTF8.self)
          }
          start = valueEnd + 1
        }
        return nil
      }
    }
  }

  init(encoded: [UInt8], marks: Marks) {
    self.encoded = encoded
    self.marks = marks
  }

  static func end(of start: Int, in bytes: UnsafeRawBufferPointer) -> Int {
    var end = start
    while bytes[end] != endMark { end += 1 }
    return end
  }

  package func removing(_ key: String) -> TagSet {
    let mark = Marks(key: key)
    guard mark.isEmpty || !marks.isDisjoint(with: mark) else { return self }
    return TagSet(canonical: tags.filter { $0.key != key })
  }

  package func setting(_ key: String, to value: String) -> TagSet { TagSet(tags + [Tag(key: key, value: value)]) }
}

extension TagSet {
  /// The first byte of `encoded`.
  static let encodingMark: UInt8 = 0xFF
  /// Ends each key and each value.
  static let endMark: UInt8 = 0xFE

  /// Reads back what `encoded` wrote.
  init(encoded bytes: UnsafeRawBufferPointer) { self.init(canonical: Self.tags(in: bytes)) }

  private static func tags(in bytes: some Collection<UInt8>) -> [Tag] {
    var parts = bytes.dropFirst().split(separator: endMark, omittingEmptySubsequences: false).makeIterator()
    var tags: [Tag] = []
    while let key = parts.next(), let value = parts.next() {
      tags.append(Tag(key: String(decoding: key, as: UTF8.self), value: String(decoding: value, as: UTF8.self)))
    }
    return tags
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
