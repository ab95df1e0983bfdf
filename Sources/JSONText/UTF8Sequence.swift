/// Well-formed UTF-8 byte sequences (Unicode, table 3-7).
enum UTF8Sequence {
  /// The length of the sequence that starts at `position` with a byte of 0x80 or more; 0 when it is malformed.
  static func length(_ bytes: UnsafeRawBufferPointer, at position: Int) -> Int {
    let first = bytes[position]
    let second: ClosedRange<UInt8>
    let length: Int
    switch first {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard bytes.count - position >= length, second.contains(bytes[position + 1]) else { return 0 }
    for follower in 2..<max(length, 2) where bytes[position + follower] & 0xC0 != 0x80 { return 0 }
    return length
  }
}
