// Tags as bytes, for what writes and reads many of them: no text is made of any.
extension TagSet {
  /// The bytes of each key and each value, in their order.
  package func forEachPair(_ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
    encoded.withUnsafeBytes { bytes in
      var start = 1
      while start < bytes.count {
        let keyEnd = Self.end(of: start, in: bytes)
        let valueEnd = Self.end(of: keyEnd + 1, in: bytes)
        body(
          UnsafeRawBufferPointer(rebasing: bytes[start..<keyEnd]),
          UnsafeRawBufferPointer(rebasing: bytes[(keyEnd + 1)..<valueEnd]))
        start = valueEnd + 1
      }
    }
  }

  /// How many tags there are; O(bytes).
  package var count: Int {
    var count = 0
    forEachPair { _, _ in count += 1 }
    return count
  }

  /// Collects tags that come as bytes in canonical order, as `forEachPair` gives them.
  package struct Builder {
    private var encoded = [encodingMark]
    private var lastKey = 0..<0
    private var marks: Marks = []

    private static let marked: [(name: [UInt8], mark: Marks)] = [
      TagName.tokenType, TagName.id, TagName.reservation, TagName.allocation, TagName.fingerprint,
    ].map { (Array($0.utf8), Marks(key: $0)) }
    private static let kind = Array(TagName.kind.utf8)

    package init() { encoded.reserveCapacity(64) }

    /// - Returns: false for a tag that `TagSet.init` would change or put elsewhere, and for one that is not ASCII.
    package mutating func append(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
      guard !key.isEmpty, !value.isEmpty, ByteHash.isASCII(key), ByteHash.isASCII(value),
        lastKey.isEmpty || encoded[lastKey].lexicographicallyPrecedes(key), !key.elementsEqual(Self.kind)
      else { return false }
      for (name, mark) in Self.marked where name.count == key.count && key.elementsEqual(name) { marks.insert(mark) }
      let start = encoded.count
      encoded.append(contentsOf: key)
      lastKey = start..<encoded.count
      encoded.append(endMark)
      encoded.append(contentsOf: value)
      encoded.append(endMark)
      return true
    }

    package consuming func finish() -> TagSet { TagSet(encoded: encoded, marks: marks) }
  }
}
