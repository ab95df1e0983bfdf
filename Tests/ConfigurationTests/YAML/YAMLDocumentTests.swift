import Testing

@testable import Configuration

@Suite struct YAMLDocumentTests {
  private func failure(_ text: String) -> YAMLError? { failure(Array(text.utf8)) }

  private func failure(_ bytes: [UInt8]) -> YAMLError? {
    do throws(YAMLError) {
      _ = try YAMLDocument.parse(bytes)
      return nil
    } catch { return error }
  }

  @Test("values keep their order, their style and their place")
  func tree() throws {
    let text = """
      # a comment
      name: tallygate
      list:
        - 1
        - "2"
        - {über: ~, empty: }
      """
    let root = try #require(try YAMLDocument.parse(Array(text.utf8)))
    guard case .mapping(let entries) = root.content else {
      Issue.record("not a mapping")
      return
    }
    #expect(entries.map(\.key) == ["name", "list"])
    #expect(entries[0].mark == YAMLMark(line: 2, column: 1))
    #expect(entries[0].value.mark == YAMLMark(line: 2, column: 7))
    guard case .sequence(let elements) = entries[1].value.content else {
      Issue.record("not a sequence")
      return
    }
    #expect(elements[0].content == .scalar(text: "1", plain: true))
    #expect(elements[1].content == .scalar(text: "2", plain: false))
    #expect(elements[1].mark == YAMLMark(line: 5, column: 5))
    guard case .mapping(let inner) = elements[2].content else {
      Issue.record("not a mapping")
      return
    }
    // Columns count characters, not bytes.
    #expect(inner[0].value.mark == YAMLMark(line: 6, column: 12))
    #expect(inner.allSatisfy { $0.value.isNull })
  }

  @Test("a document without values is nothing", arguments: ["", "# only a comment\n", "\n\n", "\u{FEFF}"])
  func empty(_ text: String) throws {
    #expect(try YAMLDocument.parse(Array(text.utf8)) == nil)
  }

  @Test("YAML's own tags are accepted")
  func tags() throws {
    let root = try #require(try YAMLDocument.parse(Array("!!map {a: !!str ~, b: !!seq [!!int 5], c: ! null}".utf8)))
    guard case .mapping(let entries) = root.content else {
      Issue.record("not a mapping")
      return
    }
    #expect(entries[0].value.content == .scalar(text: "~", plain: false))
    #expect(!entries[2].value.isNull)
  }

  struct Refusal: Sendable {
    let text: String
    let line: Int
    let column: Int
    let problem: String
  }

  @Test(
    "what a configuration does not need is refused where it stands",
    arguments: [
      Refusal(text: "a: &x 1", line: 1, column: 4, problem: "anchor"),
      Refusal(text: "a: 1\nb: *a", line: 2, column: 4, problem: "alias"),
      Refusal(text: "a: 1\n<<: {b: 2}", line: 2, column: 1, problem: "merge key"),
      Refusal(text: "a: 1\nb: 2\n\"a\": 3", line: 3, column: 1, problem: "on lines 1 and 3"),
      Refusal(text: "a: 1\n---\nb: 2", line: 2, column: 1, problem: "second document"),
      Refusal(text: "a: !!python/object 1", line: 1, column: 4, problem: "tag"),
      Refusal(text: "a: !!binary aGk=", line: 1, column: 4, problem: "tag"),
      Refusal(text: "a: !!map 1", line: 1, column: 4, problem: "tag"),
      Refusal(text: "a: !mine 1", line: 1, column: 4, problem: "tag"),
      Refusal(text: "? [a, b]\n: 1", line: 1, column: 3, problem: "as a key"),
      Refusal(text: "b: 1\na: [1, 2", line: 3, column: 1, problem: "flow sequence (from line 2)"),
      Refusal(text: "a:\n\t- 1", line: 2, column: 1, problem: "not valid YAML"),
      Refusal(text: "a: 1\n b: 2", line: 2, column: 3, problem: "not valid YAML"),
      Refusal(text: "a: \"unfinished", line: 1, column: 15, problem: "not valid YAML"),
      Refusal(text: "a: {agent: *}", line: 1, column: 13, problem: "not valid YAML"),
      Refusal(text: "é: 1\nb: \u{1}", line: 2, column: 4, problem: "is not text"),
    ])
  func refused(_ refusal: Refusal) throws {
    let error = try #require(failure(refusal.text))
    #expect(error.problem.contains(refusal.problem))
    #expect(error.mark == YAMLMark(line: refusal.line, column: refusal.column))
    #expect(!error.remedy.isEmpty)
  }

  @Test("invalid UTF-8 is refused with its place")
  func encoding() throws {
    let bytes = Array("a: 1\nb: ".utf8) + [0xC3, 0x28]
    #expect(try #require(failure(bytes)).mark == YAMLMark(line: 2, column: 5))
  }

  @Test("size, depth and count are bounded")
  func bounds() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(failure(nested(32)) == nil)
    #expect(try #require(failure(nested(33))).problem.contains("32 levels"))
    #expect(try #require(failure(String(repeating: "[", count: 1 << 20))).problem.contains("32 levels"))
    #expect(try #require(failure(String(repeating: "- ", count: 500_000))).problem.contains("32 levels"))
    #expect(failure("[" + String(repeating: "1,", count: 99_999) + "]") == nil)
    #expect(try #require(failure("[" + String(repeating: "1,", count: 100_000) + "]")).problem.contains("values"))
    #expect(try #require(failure(String(repeating: "#", count: (1 << 20) + 1))).problem.contains("longer than"))
    let laughs = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n"
    #expect(try #require(failure(laughs)).problem.contains("anchor"))
  }
}
