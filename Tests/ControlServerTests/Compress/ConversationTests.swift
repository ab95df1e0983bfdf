import JSONText
import Testing

@testable import ControlServer

@Suite struct ConversationTests {
  private func message(_ role: String, _ text: String) throws -> ChatMessage {
    try ChatMessage(.object(["role": .string(role), "content": .string(text)]), at: 0)
  }

  private func compressed(
    _ lines: [(String, String)], to budget: Int, turns: Int = 6, smallTalk: [String] = SmallTalk.common
  ) throws -> Conversation {
    var conversation = Conversation(try lines.map { try message($0.0, $0.1) }, budget: budget)
    conversation.compress(smallTalk: SmallTalk(phrases: smallTalk), keepingTurns: turns)
    return conversation
  }

  private func texts(_ conversation: Conversation) -> [String] { conversation.messages.flatMap(\.texts) }

  @Test("B13: what fits is left as it is")
  func fitting() throws {
    let result = try compressed([("user", "thanks"), ("user", "a  b")], to: 3)
    #expect(texts(result) == ["thanks", "a  b"])
    #expect(result.steps.isEmpty && result.fits)
  }

  @Test(
    "B14: four characters are a token, rounded up",
    arguments: [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("äöüß", 1)])
  func estimate(text: String, tokens: Int) throws {
    #expect(try message("user", text).tokens == tokens)
  }

  @Test("B13: small talk goes first, and only as a whole message")
  func smallTalk() throws {
    let result = try compressed(
      [
        ("user", "What is a monad, please?"), ("assistant", "A monoid in the category of endofunctors."),
        ("user", "Thanks!!"), ("assistant", "You’re welcome."), ("user", "Thanks for nothing, and what is that?"),
      ], to: 27)
    #expect(result.messages.map(\.role) == ["user", "assistant", "user"])
    #expect(result.steps.map(\.name) == ["drop_small_talk"])
  }

  @Test("B13: the phrases of small talk are the caller's to name")
  func phrases() throws {
    let lines = [("user", "Alpha alpha"), ("assistant", "Roger"), ("user", "Bravo bravo")]
    #expect(try texts(compressed(lines, to: 6, smallTalk: ["roger"])) == ["Alpha alpha", "Bravo bravo"])
    #expect(try texts(compressed(lines, to: 6, smallTalk: [])).contains("Roger"))
  }

  @Test("the user's first message stays where another's would come first")
  func beginning() throws {
    let result = try compressed(
      [("system", "S"), ("user", "hello"), ("assistant", "How can I help?"), ("user", "ok"), ("user", "Go on.")], to: 9)
    #expect(texts(result) == ["S", "hello", "How can I help?", "Go on."])
  }

  @Test("white space collapses, exact duplicates go, system and current message stay")
  func collapsed() throws {
    let result = try compressed(
      [
        ("system", "a   b"), ("user", "one  \t two\n\n\nthree"), ("assistant", "fine then"),
        ("assistant", "fine then"), ("user", "c   d"),
      ], to: 12)
    #expect(texts(result) == ["a   b", "one two\nthree", "fine then", "c   d"])
  }

  @Test("B13: old turns become one message that counts them")
  func turns() throws {
    let lines = (1...8).flatMap { [("user", "question number \($0)"), ("assistant", "answer number \($0)")] }
    let result = try compressed([("system", "S")] + lines, to: 70)
    #expect(
      texts(result).prefix(3) == ["S", "[4 earlier messages were left out]", "question number 3"])
    #expect(result.messages.count == 14)
    #expect(try compressed([("system", "S")] + lines, to: 40, turns: 2).messages.count == 6)
  }

  @Test("both ends of a tool call stay or go together")
  func tools() throws {
    func parse(_ text: String) throws -> [ChatMessage] {
      try (JSONValue.parse(text).asArray ?? []).map { try ChatMessage($0, at: 0) }
    }
    let call = #"{"role":"assistant","content":null,"tool_calls":[{"id":"c","function":{"name":"f"}}]}"#
    let answer = #"{"role":"tool","tool_call_id":"c","content":"ok"}"#
    func user(_ number: Int) -> String {
      #"{"role":"user","content":"question \#(number), in words enough to be worth leaving out"}"#
    }
    func rolesKept(_ messages: [String]) throws -> [String] {
      var conversation = Conversation(try parse("[\(messages.joined(separator: ","))]"), budget: 1)
      conversation.compress(smallTalk: SmallTalk(phrases: SmallTalk.common), keepingTurns: 1)
      return conversation.messages.map(\.role)
    }
    // In one turn that goes, across the cut, and across the cut with an id that was used before.
    #expect(try rolesKept([user(1), call, answer, user(2), user(3)]) == ["user", "user"])
    #expect(
      try rolesKept([user(1), user(2), user(3), call, user(4), answer])
        == ["user", "user", "assistant", "user", "tool"])
    #expect(
      try rolesKept([user(1), call, answer, user(2), user(3), call, user(4), answer])
        == ["user", "user", "assistant", "user", "tool"])
  }

  @Test("B13: the longest message is halved until it fits, with head and tail")
  func halving() throws {
    let long = "head" + String(repeating: "x", count: 4_000) + "tail"
    let result = try compressed([("system", long), ("user", long), ("user", "now")], to: 1_100)
    let halved = texts(result)[1]
    #expect(texts(result)[0] == long && texts(result)[2] == "now")
    #expect(halved.hasPrefix("headx") && halved.hasSuffix("xtail") && halved.contains(TextShortening.gap))
    #expect(result.fits)
  }

  @Test("the current message is halved only when it is too long alone, and last")
  func current() throws {
    let long = String(repeating: "y", count: 4_000)
    let alone = try compressed([("user", long + "z"), ("assistant", long), ("user", long)], to: 400)
    #expect(alone.fits)
    #expect(texts(alone)[1].count < 32 && texts(alone)[2].count >= 1_000)
    let many = (0..<50).map { ("assistant", "\($0) short words") }
    let fittingAlone = try compressed(many + [("user", "a question of some length")], to: 20)
    #expect(texts(fittingAlone).last == "a question of some length")
    #expect(!fittingAlone.fits)
  }

  @Test("a character is never cut, whatever it is made of")
  func graphemes() {
    let family = "👩‍👩‍👧‍👦"
    var text = String(repeating: family + "e\u{301}", count: 40)
    while text.count >= TextShortening.shortestHalved {
      let shorter = TextShortening.halved(text, length: text.count)
      #expect(shorter.count <= text.count / 2 && shorter.unicodeScalars.count < text.unicodeScalars.count)
      #expect(shorter.allSatisfy { String($0) == family || $0 == "é" || TextShortening.gap.contains($0) })
      text = shorter
    }
  }

  @Test("parts that are no text stay as they are and have a fixed estimate")
  func parts() throws {
    let text =
      #"{"role":"user","name":"n","content":[{"type":"image_url","image_url":{}},{"type":"text","text":"a b"}]}"#
    let message = try ChatMessage(JSONValue.parse(text), at: 0)
    #expect(message.tokens == ChatMessage.tokensOfOtherPart + 1)
    #expect(String(decoding: message.json.bytes(), as: UTF8.self) == text)
  }
}
