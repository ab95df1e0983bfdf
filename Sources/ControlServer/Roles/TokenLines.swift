import Hashing

/// The tokens of a file and what it says of each.
package struct TokenLines: Sendable {
  package struct Entry: Sendable {
    let token: [UInt8]
    /// As audits tell of it: its `name=`, or the beginning of its SHA-256, from which nobody gets the token.
    package let name: String
    /// For whom it may speak; `nil` is for everybody.
    package let binding: TagBinding?
  }

  package private(set) var entries: [Entry] = []
  /// Lines that are not understood, counted from 1.
  package private(set) var malformed: [Int] = []

  init() {}

  /// O(bytes).
  init(_ bytes: some Collection<UInt8>, binds: Bool) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
      guard let token = words.first, token.first != UInt8(ascii: "#"), token.count >= TokenFile.shortestToken else {
        continue
      }
      if let entry = Self.entry(Array(token), words.dropFirst().map { String(decoding: $0, as: UTF8.self) }, binds) {
        entries.append(entry)
      } else {
        malformed.append(index + 1)
      }
    }
  }

  private static func entry(_ token: [UInt8], _ words: [String], _ binds: Bool) -> Entry? {
    var words = words.map { $0[...] }
    var name = "sha256:" + SHA256.hexDigest(of: token).prefix(8)
    if let place = words.firstIndex(where: { $0.hasPrefix("name=") }) {
      name = String(words.remove(at: place).dropFirst("name=".count))
      guard (1...64).contains(name.utf8.count) else { return nil }
    }
    guard !words.isEmpty else { return Entry(token: token, name: name, binding: nil) }
    guard binds, let binding = TagBinding(words: words) else { return nil }
    return Entry(token: token, name: name, binding: binding)
  }
}
