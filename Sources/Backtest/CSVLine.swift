/// One line of comma-separated values (RFC 4180), except that no cell goes on over the end of a line.
enum CSVLine {
  /// A longer line is none: what is read as a trace may be anything.
  static let longest = 65_536

  /// The cells, without blanks around them; those in quotes as they are, with `""` for a quote. `nil` where a quote is not
  /// closed or something follows it. O(bytes).
  static func cells(_ line: ArraySlice<UInt8>) -> [String]? {
    var cells: [String] = []
    var rest = line
    while true {
      rest = rest.drop(while: isBlank)
      let cell: [UInt8]
      if rest.first == quote {
        guard let quoted = quoted(&rest) else { return nil }
        cell = quoted
      } else {
        let end = rest.firstIndex(of: comma) ?? rest.endIndex
        var plain = rest[..<end]
        while let last = plain.last, isBlank(last) { plain.removeLast() }
        cell = Array(plain)
        rest = rest[end...]
      }
      cells.append(String(decoding: cell, as: UTF8.self))
      guard let next = rest.popFirst() else { return cells }
      guard next == comma else { return nil }
    }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  /// Takes a cell in quotes, and the blanks after it.
  private static func quoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    var cell: [UInt8] = []
    rest.removeFirst()
    while let byte = rest.popFirst() {
      if byte == quote {
        guard rest.first == quote else {
          rest = rest.drop(while: isBlank)
          return cell
        }
        rest.removeFirst()
      }
      cell.append(byte)
    }
    return nil
  }
}
