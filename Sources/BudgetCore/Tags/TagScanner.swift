/// Why the tags of a line or request are refused.
package enum TagError: Error, Equatable, Sendable {
  case invalidUTF8
  case tooMany
  case tooLong
  case emptyKey
}

/// Splits the raw tags of a usage line, `key:value,key:value,bare`.
package enum TagScanner {
  package static let maximumTags = 64
  package static let maximumKeyLength = 128
  package static let maximumValueLength = 512

  /// A bare tag has the value `true`; empty places between commas are skipped. O(length).
  package static func split(_ bytes: UnsafeRawBufferPointer) throws(TagError) -> [Tag] {
    var tags: [Tag] = []
    var start = 0
    while start <= bytes.count {
      var end = start
      var colon = -1
      while end < bytes.count, bytes[end] != UInt8(ascii: ",") {
        if colon < 0, bytes[end] == UInt8(ascii: ":") { colon = end }
        end += 1
      }
      if end > start {
        let keyEnd = colon < 0 ? end : colon
        guard let key = string(bytes, start..<keyEnd) else { throw .invalidUTF8 }
        var value = "true"
        if colon >= 0 {
          guard let text = string(bytes, (colon + 1)..<end) else { throw .invalidUTF8 }
          value = text
        }
        try check(key: key, value: value)
        guard tags.count < maximumTags else { throw .tooMany }
        tags.append(Tag(key: key, value: value))
      }
      start = end + 1
    }
    return tags
  }

  package static func check(key: String, value: String) throws(TagError) {
    guard !key.isEmpty else { throw .emptyKey }
    guard key.utf8.count <= maximumKeyLength, value.utf8.count <= maximumValueLength else { throw .tooLong }
  }

  private static func string(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> String? {
    String(validating: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }
}
