/// The parts of a model's name that say where it runs and of which day it is.
enum ModelName {
  /// Longer chains than any gateway writes.
  private static let longestChain = 6

  /// A name without its leading `provider/` or `region.`, and what was taken off last.
  struct Stripped {
    var prefix: String
    var name: String
  }

  /// `bedrock/us.anthropic.claude-x` without one prefix, two, three; whether a rest is known is for the caller to find.
  static func withoutPrefixes(_ model: String) -> [Stripped] {
    var found: [Stripped] = []
    var rest = Substring(model)
    while found.count < longestChain, let end = endOfPrefix(rest) {
      let prefix = rest[..<end]
      rest = rest[rest.utf8.index(after: end)...]
      guard !rest.isEmpty else { break }
      found.append(Stripped(prefix: String(prefix), name: String(rest)))
    }
    return found
  }

  /// A prefix ends at a slash, or at a dot after letters alone: `us.` is a region, `gpt-4.` is not.
  private static func endOfPrefix(_ name: Substring) -> Substring.Index? {
    if let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")) { return slash }
    guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")), dot > name.startIndex,
      name.utf8[..<dot].allSatisfy({ isLetter($0) || $0 == UInt8(ascii: "-") })
    else { return nil }
    return dot
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
