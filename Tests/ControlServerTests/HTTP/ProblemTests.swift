import ControlServer
import Testing

@Suite("Problem")
struct ProblemTests {
  @Test("a problem is one JSON object with its extra members")
  func members() {
    let problem = Problem(
      type: "https://example.net/budget-exhausted", title: "Budget exhausted", status: .tooManyRequests,
      detail: "500 tokens remain.", members: [.init("remaining", json: "500"), .init("tags", json: #"{"agent":"a"}"#)])
    let expected =
      #"{"type":"https://example.net/budget-exhausted","title":"Budget exhausted","status":429,"#
      + #""detail":"500 tokens remain.","remaining":500,"tags":{"agent":"a"}}"#
    #expect(String(decoding: problem.render(), as: UTF8.self) == expected)
    #expect(problem.response().headers["content-type"] == Problem.contentType)
    #expect(problem.response().status == .tooManyRequests)
  }

  @Test("text is escaped, and the title is the status when none is given")
  func escapes() {
    let json = String(decoding: Problem(status: .notFound, detail: "a\"b\\c\nd\u{1}é").render(), as: UTF8.self)
    #expect(json == #"{"type":"about:blank","title":"Not Found","status":404,"detail":"a\"b\\c\u000ad\u0001é"}"#)
  }
}
