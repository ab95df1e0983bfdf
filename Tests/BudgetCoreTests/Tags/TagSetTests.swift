import Testing

@testable import BudgetCore

@Suite("Tag set")
struct TagSetTests {
  @Test("any order of the same tags is the same set")
  func order() {
    var random = ZoneRandom("TagSet")
    let all = ["user", "agent", "z", "a", "model", "session", "é"].map { Tag(key: $0, value: "v-\($0)") }
    let expected = TagSet(all)
    #expect(expected.tags.map(\.key) == all.map(\.key).sorted())
    for _ in 0..<50 { #expect(TagSet(all.shuffled(using: &random)) == expected) }
  }

  @Test("kind is token_type, the later of two wins, an empty value is no tag")
  func meaning() {
    #expect(tags(["kind": "output"]) == tags(["token_type": "output"]))
    #expect(tags(["kind": "output", "token_type": "input"])["token_type"] == "input")
    #expect(tags(["token_type": "input", "kind": "output"]).tags == [Tag(key: "token_type", value: "output")])
    #expect(tags(["a": "1", "a": "2"]).tags == [Tag(key: "a", value: "2")])
    #expect(tags(["a": "1", "a": ""]).tags.isEmpty)
    #expect(tags(["a": "1"]).setting("a", to: "2")["a"] == "2")
    #expect(tags(["a": "1", "b": "2"]).removing("a") == tags(["b": "2"]))
  }

  @Test(
    "what was encoded is read back", arguments: [[], [("a", "1")], [("a", "x,y:z"), ("é", "\u{0}\n\""), ("z", "😀")]])
  func roundTrip(pairs: [(String, String)]) {
    let set = TagSet(pairs.map { Tag(key: $0.0, value: $0.1) })
    let back = set.encoded.withUnsafeBytes { TagSet(encoded: $0) }
    #expect(back == set)
  }

  @Test("a value is found by its whole key only")
  func values() {
    let set = tags(["a": "1", "ab": "2", "é": "3", "model": "gpt-4o-with-a-rather-long-name"])
    #expect(["a", "ab", "é", "model"].map { set[$0] } == ["1", "2", "3", "gpt-4o-with-a-rather-long-name"])
    #expect(["b", "abc", "", "1", "mode", "e"].allSatisfy { set[$0] == nil })
    #expect(TagSet.empty["a"] == nil && TagSet.empty.tags.isEmpty)
  }

  @Test("the marks name the tags that mean something to the ledger")
  func marks() {
    #expect(tags(["agent": "a", "model": "m"]).marks.isEmpty)
    let all = tags(["id": "1", "reservation": "r", "allocation": "x", "kind": "output", "user": "u"])
    #expect(all.marks == [.id, .reservation, .allocation, .tokenType])
    #expect(all.removing("id").marks == [.reservation, .allocation, .tokenType])
    #expect(all.setting("id", to: "").marks == all.removing("id").marks)
  }

  @Test("different sets never encode alike")
  func injective() {
    let sets = [
      tags(["a": "b,c:d"]), tags(["a": "b", "c": "d"]), tags(["ab": "c"]), tags(["a": "bc"]), tags([:]),
      tags(["a": "b", "cd": "e"]), tags(["a": "bcd", "e": "f"]),
    ]
    #expect(Set(sets.map(\.encoded)).count == sets.count)
  }
}
