/// Reads one YAML document into a tree.
///
/// A configuration needs no more of YAML than mappings, sequences and scalars, so the rest is refused with a
/// reason: anchors and aliases (and with them merge keys and documents that grow without bound), several documents,
/// tags other than YAML's own, keys that are not scalars, keys given twice.
package enum YAMLDocument {
  /// Bytes of one document.
  package static let mostBytes = 1 << 20
  /// Scalars, sequences and mappings of one document, keys included.
  package static let mostNodes = 100_000
  /// Mappings and sequences inside each other.
  package static let deepest = 32

  /// The root of the document; `nil` when there is nothing but comments. O(bytes).
  package static func parse(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode? {
    guard bytes.count <= mostBytes else {
      throw YAMLError(
        mark: .start, problem: "is longer than \(mostBytes) bytes", remedy: "Split it, or remove what is not needed")
    }
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<YAMLNode?, YAMLError> in
      guard var events = YAMLEvents(buffer) else {
        return .failure(YAMLError(mark: .start, problem: "cannot be read", remedy: "Give the process more memory"))
      }
      var builder = YAMLTreeBuilder()
      do throws(YAMLError) {
        while true {
          let event = try events.next()
          if case .streamEnd = event.kind { return .success(builder.root) }
          try builder.accept(event)
        }
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
