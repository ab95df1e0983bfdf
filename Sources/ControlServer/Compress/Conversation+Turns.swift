extension Conversation {
  /// All but the last turns, as one message that says how many messages were left out.
  ///
  /// A turn is a message of the user and what follows it. Both ends of a tool call stay or go together.
  func withoutOldTurns(keeping turns: Int) -> [ChatMessage] {
    let starts = messages.indices.filter { messages[$0].role == "user" && !messages[$0].answersTools }
    guard turns > 0, starts.count > turns else { return messages }
    let cut = cutKeepingTools(from: starts.count - turns, starts: starts)
    let left = messages[..<cut].filter { !$0.isSystem }
    guard left.count > 1 else { return messages }
    let marker = ChatMessage(role: "user", text: "[\(left.count) earlier messages were left out]")
    var kept: [ChatMessage] = []
    var hasMarker = false
    for (index, message) in messages.enumerated() {
      if index >= cut || message.isSystem {
        kept.append(message)
      } else if !hasMarker {
        hasMarker = true
        kept.append(marker)
      }
    }
    return kept
  }

  /// Where to begin, at a turn or at the very beginning, so that no result is cut from its tool call. O(messages).
  private func cutKeepingTools(from turn: Int, starts: [Int]) -> Int {
    var lastCall: [String: Int] = [:]
    let needs = messages.enumerated().map { index, message in
      let need = message.answeredIDs.reduce(index) { min($0, lastCall[$1] ?? index) }
      for id in message.callIDs { lastCall[id] = index }
      return need
    }
    var turn = turn
    var needed = needs[starts[turn]...].min() ?? starts[turn]
    while turn > 0, needed < starts[turn] {
      let end = starts[turn]
      turn -= 1
      needed = min(needed, needs[starts[turn]..<end].min() ?? needed)
    }
    return needed < starts[turn] ? 0 : starts[turn]
  }
}
