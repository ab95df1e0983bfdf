/// Messages that are nothing but a short acknowledgement.
struct SmallTalk {
  static let common = [
    "thanks", "thank you", "thank you very much", "thx", "ok", "okay", "great", "cool", "nice", "perfect", "got it",
    "hello", "hi", "hey", "good morning", "bye", "you're welcome", "you are welcome", "no problem",
  ]

  private let phrases: Set<String>
  private let longest: Int

  init(phrases: [String]) {
    self.phrases = Set(phrases.map { Self.plain($0) })
    longest = phrases.map(\.utf8.count).max() ?? 0
  }

  /// Whether the whole text is one of the phrases, whatever its case and the punctuation around it.
  func contains(_ text: String) -> Bool {
    // Punctuation may surround it, but not pages of it.
    guard text.utf8.count <= longest + 64 else { return false }
    return phrases.contains(Self.plain(text))
  }

  private static func plain(_ text: String) -> String {
    var characters = text.lowercased().map { $0 == "’" ? "'" : $0 }[...]
    while let last = characters.last, !last.isLetter, !last.isNumber { characters.removeLast() }
    while let first = characters.first, !first.isLetter, !first.isNumber { characters.removeFirst() }
    return String(characters)
  }
}
