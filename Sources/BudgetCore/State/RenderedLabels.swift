/// Checks stored label text before it is shown again.
struct RenderedLabels {
  private let names: [[UInt8]]

  init(names: [String]) { self.names = names.map { Array("\($0)=\"".utf8) } }

  /// Whether the text is what `LabelText` writes for some of these labels, in their order. O(length).
  func accepts(_ text: UnsafeRawBufferPointer) -> Bool {
    guard String(validating: text, as: UTF8.self) != nil else { return false }
    var position = 0
    var name = 0
    while position < text.count {
      if position > 0 {
        guard text[position] == UInt8(ascii: ",") else { return false }
        position += 1
      }
      while name < names.count, !text.dropFirst(position).starts(with: names[name]) { name += 1 }
      guard name < names.count else { return false }
      guard let end = endOfValue(text, from: position + names[name].count) else { return false }
      position = end
      name += 1
    }
    return true
  }

  /// The position after the closing quote.
  private func endOfValue(_ text: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var position = start
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "\""): return position + 1
      case UInt8(ascii: "\\"):
        position += 1
        guard position < text.count else { return nil }
        switch text[position] {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "n"): break
        default: return nil
        }
      case 0..<0x20, 0x7F: return nil
      default: break
      }
      position += 1
    }
    return nil
  }
}
