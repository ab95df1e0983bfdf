/// The decoded query of a request: pairs in their order, repeated keys kept.
package struct QueryParameters: Hashable, Sendable {
  package struct Pair: Hashable, Sendable {
    package let name: String
    package let value: String
  }

  package private(set) var pairs: [Pair] = []

  package init() {}

  package init(_ pairs: KeyValuePairs<String, String>) {
    self.pairs = pairs.map { Pair(name: $0.key, value: $0.value) }
  }

  /// Reads `a=1&b=2`; a name without `=` has the value "". Linear, and bounded by the limit on the URI.
  init(parsing raw: Substring.UTF8View) throws(RequestTargetError) {
    for piece in raw.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
      let equals = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
      let name = try PercentDecoding.decodeText(piece[..<equals], plusIsSpace: true)
      let value = try PercentDecoding.decodeText(piece[equals...].dropFirst(), plusIsSpace: true)
      pairs.append(Pair(name: name, value: value))
    }
  }

  package var isEmpty: Bool { pairs.isEmpty }

  /// The first value of that name.
  package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

  /// Every value of that name, in order.
  package func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }
}
