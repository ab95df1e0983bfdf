import JSONText

/// A conversation that is made shorter step by step, as far as that goes without a model.
///
/// System messages are never touched. The last message of the user stays as it is, unless it is too long by itself.
/// A conversation that begins with the user's message still does. No step makes it larger.
struct Conversation {
  struct Step {
    var name: String
    /// Tokens that the step saved.
    var saved: Int
  }

  private(set) var messages: [ChatMessage]
  private(set) var steps: [Step] = []
  let budget: Int

  init(_ messages: [ChatMessage], budget: Int) {
    self.messages = messages
    self.budget = budget
  }

  var tokens: Int { Self.tokens(of: messages) }
  var fits: Bool { tokens <= budget }

  static func tokens(of messages: [ChatMessage]) -> Int { messages.reduce(0) { $0 + $1.tokens } }

  /// The steps in their order, until it fits. O(text x log text).
  mutating func compress(smallTalk: SmallTalk, keepingTurns turns: Int) {
    take("drop_small_talk") { $0.withoutSmallTalk(smallTalk) }
    take("collapse_whitespace") { $0.collapsed() }
    take("drop_duplicates") { $0.withoutDuplicates() }
    take("leave_out_turns") { $0.withoutOldTurns(keeping: turns) }
    take("halve_longest") { $0.halved() }
  }

  /// A step is taken when it is needed and when it saves anything.
  private mutating func take(_ name: String, _ step: (Conversation) -> [ChatMessage]) {
    let before = tokens
    guard before > budget else { return }
    let changed = step(self)
    let after = Self.tokens(of: changed)
    guard after < before else { return }
    messages = changed
    steps.append(Step(name: name, saved: before - after))
  }

  /// The message that says what the user wants now: the last one of the user, or else the last one that is not the system's.
  var current: Int? {
    messages.lastIndex { $0.role == "user" && !$0.answersTools } ?? messages.lastIndex { !$0.isSystem }
  }

  // MARK: Dropping whole messages

  private func withoutSmallTalk(_ smallTalk: SmallTalk) -> [ChatMessage] {
    dropping { index in
      let message = messages[index]
      return message.hasOnlyText && message.texts.allSatisfy { smallTalk.contains($0) }
    }
  }

  /// Of messages that are exactly alike, the first stays.
  private func withoutDuplicates() -> [ChatMessage] {
    var seen: Set<[UInt8]> = []
    return dropping { !seen.insert(messages[$0].json.bytes()).inserted }
  }

  /// Without the messages that may go and that `isDropped` names.
  private func dropping(_ isDropped: (Int) -> Bool) -> [ChatMessage] {
    let current = current
    var kept: [ChatMessage] = []
    var first: ChatMessage?
    var beginsAnew = true
    for index in messages.indices {
      let message = messages[index]
      guard !message.isSystem else {
        kept.append(message)
        continue
      }
      let opening = first ?? message
      first = opening
      if index != current, !message.usesTools, isDropped(index) { continue }
      // The user's first word stays where another's would come first without it.
      if beginsAnew, opening.role == "user", message.role != "user" { kept.append(opening) }
      beginsAnew = false
      kept.append(message)
    }
    return kept
  }

  private func collapsed() -> [ChatMessage] {
    let current = current
    return messages.enumerated().map { index, message in
      guard !message.isSystem, index != current else { return message }
      var changed = message
      for position in message.texts.indices {
        changed.setText(position, to: TextShortening.collapsed(message.texts[position]))
      }
      return changed
    }
  }
}
