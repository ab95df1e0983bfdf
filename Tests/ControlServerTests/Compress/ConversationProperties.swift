import JSONText
import Testing

@testable import ControlServer

/// Claims that hold for every conversation; random ones are made from a seed that a failure shows.
@Suite struct ConversationProperties {
  private struct Random {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
  }

  private static let pieces = [
    "ok", "thanks", "word", "  ", "\n\n", "e\u{301}", "👩‍👩‍👧‍👦", "\u{301}", "\r\n", "日本語", "[…]", "long-winded ",
  ]

  private func conversation(_ random: inout Random) throws -> [ChatMessage] {
    let count = random.below(40)
    return try (0..<count).map { index in
      let roles = ["system", "developer", "user", "user", "assistant", "assistant", "tool"]
      let text = (0..<random.below([2, 5, 200][random.below(3)])).reduce(into: "") { text, _ in
        text += Self.pieces[random.below(Self.pieces.count)]
      }
      let role = roles[random.below(roles.count)]
      var object: JSONObject = ["role": .string(role), "content": .string(text)]
      let id = JSONValue.string("c\(random.below(4))")
      if role == "tool" { object.insert("tool_call_id", id) }
      if role == "assistant", random.below(4) == 0 { object.insert("tool_calls", .array([.object(["id": id])])) }
      return try ChatMessage(.object(object), at: index)
    }
  }

  @Test("compressing ends, never adds, spares the system and begins as before", arguments: 0..<300)
  func claims(seed: Int) throws {
    var random = Random(state: UInt64(seed))
    let messages = try conversation(&random)
    let before = Conversation.tokens(of: messages)
    var result = Conversation(messages, budget: 1 + random.below(before + 10))
    let smallTalk = SmallTalk(phrases: SmallTalk.common)
    result.compress(smallTalk: smallTalk, keepingTurns: 1 + random.below(7))

    #expect(result.tokens <= before)
    #expect(result.tokens == before - result.steps.reduce(0) { $0 + $1.saved })
    #expect(result.messages.filter(\.isSystem).map(\.json) == messages.filter(\.isSystem).map(\.json))
    #expect((result.messages.isEmpty) == messages.isEmpty)
    if messages.first(where: { !$0.isSystem })?.role == "user" {
      #expect(result.messages.first { !$0.isSystem }?.role == "user")
    }
    // A result that stays has its call before it, if it had one.
    var called: Set<String> = []
    for message in result.messages {
      for id in message.answeredIDs where !called.contains(id) {
        let answer = messages.firstIndex { $0.answeredIDs.contains(id) } ?? 0
        #expect(!messages[..<answer].contains { $0.callIDs.contains(id) })
      }
      called.formUnion(message.callIDs)
    }
    if result.fits {
      var again = Conversation(result.messages, budget: result.budget)
      again.compress(smallTalk: smallTalk, keepingTurns: 1)
      #expect(again.messages.map(\.json) == result.messages.map(\.json))
    }
  }

  @Test("the largest conversations end soon")
  func largest() throws {
    let text = String(repeating: "a b ", count: 25)
    let messages = try (0..<CompressBody.mostMessages).map {
      try ChatMessage(.object(["role": .string("assistant"), "content": .string("\($0) \(text)")]), at: $0)
    }
    var conversation = Conversation(messages, budget: 1)
    let took = ContinuousClock().measure {
      conversation.compress(smallTalk: SmallTalk(phrases: SmallTalk.common), keepingTurns: 6)
    }
    #expect(conversation.messages.count == CompressBody.mostMessages)
    #expect(took < .seconds(20))
  }
}
