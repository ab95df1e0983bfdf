/// The label part of an exposition line, `agent="a",user="b"`, as bytes.
///
/// The escaping is that of the Prometheus text format: `\`, `"` and newline with a backslash. Other
/// control characters become U+FFFD, so that whatever a tag holds, the page still parses.
package enum LabelText {
  /// Appends `name="value"` with a comma before it unless `bytes` is empty or ends in a brace or comma.
  package static func append(name: String, value: String, to bytes: inout [UInt8]) {
    if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: ",") {
      bytes.append(UInt8(ascii: ","))
    }
    bytes.append(contentsOf: name.utf8)
    bytes.append(UInt8(ascii: "="))
    bytes.append(UInt8(ascii: "\""))
    append(escaped: value, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  private static func append(escaped value: String, to bytes: inout [UInt8]) {
    var value = value
    value.withUTF8 { text in
      guard text.contains(where: needsEscape) else { return bytes.append(contentsOf: text) }
      for byte in text {
        switch byte {
        case UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "\\")])
        case UInt8(ascii: "\""): bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "\"")])
        case UInt8(ascii: "\n"): bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
        case _ where needsEscape(byte): bytes.append(contentsOf: [0xEF, 0xBF, 0xBD])
        default: bytes.append(byte)
        }
      }
    }
  }

  /// Control characters stand as U+FFFD.
  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"")
  }

  /// A tag's key as a label name: what Prometheus does not allow there becomes `_`.
  package static func labelName(_ key: String) -> String {
    var name = String.UnicodeScalarView()
    for scalar in key.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "_": name.append(scalar)
      case "0"..."9": name.append(contentsOf: name.isEmpty ? ["_", scalar] : [scalar])
      default: name.append("_")
      }
    }
    return String(name)
  }

  /// The labels of a rendered text, in its order. `nil` when it is not what `append` writes.
  package static func parse(_ text: some Collection<UInt8>) -> [Tag]? {
    var tags: [Tag] = []
    var iterator = text.makeIterator()
    var byte = iterator.next()
    while byte != nil {
      if !tags.isEmpty {
        guard byte == UInt8(ascii: ",") else { return nil }
        byte = iterator.next()
      }
      var name: [UInt8] = []
      while let current = byte, current != UInt8(ascii: "=") {
        guard current != UInt8(ascii: ",") else { return nil }
        name.append(current)
        byte = iterator.next()
      }
      guard !name.isEmpty, byte != nil, iterator.next() == UInt8(ascii: "\"") else { return nil }
      var value: [UInt8] = []
      byte = iterator.next()
      while let current = byte, current != UInt8(ascii: "\"") {
        if current == UInt8(ascii: "\\") {
          switch iterator.next() {
          case UInt8(ascii: "n"): value.append(UInt8(ascii: "\n"))
          case UInt8(ascii: "\\"): value.append(UInt8(ascii: "\\"))
          case UInt8(ascii: "\""): value.append(UInt8(ascii: "\""))
          default: return nil
          }
        } else {
          value.append(current)
        }
        byte = iterator.next()
      }
      guard byte == UInt8(ascii: "\"") else { return nil }
      byte = iterator.next()
      tags.append(Tag(key: String(decoding: name, as: UTF8.self), value: String(decoding: value, as: UTF8.self)))
    }
    return tags
  }
}
