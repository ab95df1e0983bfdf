/// A key that was pressed.
package enum Key: Hashable, Sendable {
  case character(Character)
  case up, down, left, right, pageUp, pageDown, home, end, enter, escape
}

/// Reads keys from the bytes of a terminal (ECMA-48, and xterm's application mode), in whatever pieces they come.
package struct KeyParser: Sendable {
  /// Longer sequences are no key of ours.
  private static let longestSequence = 16

  private var waiting: [UInt8] = []

  package init() {}

  /// The keys that are complete. A single escape at the end of what came is the key itself.
  package mutating func receive(_ bytes: [UInt8]) -> [Key] {
    waiting += bytes
    var keys: [Key] = []
    while let first = waiting.first {
      if first == 0x1B {
        guard let length = sequenceLength() else { break }
        if let key = Self.key(of: waiting[..<length]) { keys.append(key) }
        waiting.removeFirst(length)
      } else if first == UInt8(ascii: "\r") || first == UInt8(ascii: "\n") {
        keys.append(.enter)
        waiting.removeFirst()
      } else {
        let length = Self.characterLength(first)
        guard waiting.count >= length else { break }
        let text = String(decoding: waiting.prefix(length), as: UTF8.self)
        if let character = text.first, first >= 0x20, first != 0x7F { keys.append(.character(character)) }
        waiting.removeFirst(length)
      }
    }
    return keys
  }

  /// How long the sequence at the beginning is; `nil` when more of it has to come.
  private func sequenceLength() -> Int? {
    guard waiting.count > 1 else { return 1 }
    let introducer = waiting[1]
    if introducer == UInt8(ascii: "O") { return waiting.count > 2 ? 3 : nil }
    guard introducer == UInt8(ascii: "[") else { return 1 }
    for index in 2..<max(2, min(waiting.count, Self.longestSequence)) where (0x40...0x7E).contains(waiting[index]) {
      return index + 1
    }
    return waiting.count >= Self.longestSequence ? Self.longestSequence : nil
  }

  private static func key(of sequence: ArraySlice<UInt8>) -> Key? {
    switch String(decoding: sequence.dropFirst(), as: UTF8.self) {
    case "": .escape
    case "[A", "OA": .up
    case "[B", "OB": .down
    case "[C", "OC": .right
    case "[D", "OD": .left
    case "[H", "OH", "[1~": .home
    case "[F", "OF", "[4~": .end
    case "[5~": .pageUp
    case "[6~": .pageDown
    default: nil
    }
  }

  private static func characterLength(_ first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }
}
