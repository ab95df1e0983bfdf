extension Conversation {
  /// One text of a message, and how long it is in characters.
  private struct Candidate {
    var message: Int
    var text: Int
    var length: Int
  }

  /// The longest text is halved, again and again, until everything fits or no text is long enough.
  ///
  /// The current message comes last, and only if it would not fit beside the system's messages alone.
  func halved() -> [ChatMessage] {
    let current = current
    var messages = messages
    var total = Self.tokens(of: messages)
    halve(messages.indices.filter { !messages[$0].isSystem && $0 != current }, in: &messages, total: &total)
    guard let current, total > budget else { return messages }
    let alone = messages[current].tokens + Self.tokens(of: messages.filter(\.isSystem))
    if alone > budget, !messages[current].isSystem { halve([current], in: &messages, total: &total) }
    return messages
  }

  /// What was halved is no longer than what was halved before it: two queues replace a heap, and each text is cut
  /// at most log2(length) times. O(text x log texts).
  private func halve(_ indices: [Int], in messages: inout [ChatMessage], total: inout Int) {
    var fresh: [Candidate] = []
    for index in indices {
      for (position, text) in messages[index].texts.enumerated()
      where text.utf8.count >= TextShortening.shortestHalved {
        fresh.append(Candidate(message: index, text: position, length: text.count))
      }
    }
    fresh.sort { ($0.length, $1.message, $1.text) > ($1.length, $0.message, $0.text) }
    var cut: [Candidate] = []
    var (nextFresh, nextCut) = (0, 0)
    while total > budget {
      var candidate: Candidate
      if nextFresh < fresh.count, nextCut >= cut.count || fresh[nextFresh].length >= cut[nextCut].length {
        candidate = fresh[nextFresh]
        nextFresh += 1
      } else if nextCut < cut.count {
        candidate = cut[nextCut]
        nextCut += 1
      } else {
        return
      }
      guard candidate.length >= TextShortening.shortestHalved else { return }
      let before = messages[candidate.message].tokens
      let text = messages[candidate.message].texts[candidate.text]
      messages[candidate.message].setText(
        candidate.text, to: TextShortening.halved(text, length: candidate.length))
      total += messages[candidate.message].tokens - before
      candidate.length /= 2
      cut.append(candidate)
    }
  }
}
