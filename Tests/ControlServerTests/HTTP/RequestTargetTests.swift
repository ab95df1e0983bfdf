import Testing

@testable import ControlServer

@Suite("Request target")
struct RequestTargetTests {
  @Test(
    "a path has one canonical form",
    arguments: [
      ("/metrics", "/metrics"), ("/", "/"), ("//metrics", "/metrics"), ("/a//b/", "/a/b/"), ("/a%20b", "/a b"),
      ("/%6detrics", "/metrics"), ("/a%2fb", "/a%2Fb"), ("/a%25b", "/a%25b"), ("/a%252Fb", "/a%252Fb"),
      ("/caf%C3%A9", "/café"), ("/.well-known/x", "/.well-known/x"), ("/a..b", "/a..b"), ("/...", "/..."),
      ("http://host:1/metrics?x=1", "/metrics"), ("HTTP://host", "/"), ("/-/ready", "/-/ready"),
    ])
  func canonical(uri: String, path: String) throws {
    #expect(try RequestTarget(uri, method: .get).path == path)
  }

  @Test(
    "a path that could be read in two ways is refused",
    arguments: [
      ("/a/../b", RequestTargetError.dotSegment), ("/..", .dotSegment), ("/%2e%2E/b", .dotSegment),
      ("/a/.", .dotSegment), ("/./a", .dotSegment), ("/a%00", .controlCharacter), ("/a%0d%0ab", .controlCharacter),
      ("/a%7f", .controlCharacter), ("/a%", .badEscape), ("/a%2", .badEscape), ("/a%zz", .badEscape),
      ("/a%+1", .badEscape), ("/a%FF", .notUTF8), ("/a%C0%AE", .notUTF8), ("metrics", .badForm), ("", .badForm),
      ("*", .badForm), ("/a#b", .badForm), ("/a?b#c", .badForm), ("host:443", .badForm), ("http://host?x", .badForm),
    ])
  func refused(uri: String, reason: RequestTargetError) {
    #expect(throws: reason) { try RequestTarget(uri, method: .get) }
  }

  @Test("OPTIONS may ask about the whole server")
  func asterisk() throws {
    #expect(try RequestTarget("*", method: .options).path == "*")
  }

  @Test(
    "a query keeps order and repetition",
    arguments: [
      ("/q", []), ("/q?", []), ("/q?a=1", ["a=1"]), ("/q?a=1&a=2&b", ["a=1", "a=2", "b="]),
      ("/q?a=b=c", ["a=b=c"]), ("/q?a+b=c%20d%2Be", ["a b=c d+e"]), ("/q?&&x=1&", ["x=1"]), ("/q?=1", ["=1"]),
      ("/q?a=1?2/3", ["a=1?2/3"]), ("/q?match[]=%7Ba%3D%22b%22%7D", [#"match[]={a="b"}"#]),
    ])
  func query(uri: String, pairs: [String]) throws {
    let query = try RequestTarget(uri, method: .get).query
    #expect(query.pairs.map { "\($0.name)=\($0.value)" } == pairs)
  }

  @Test("a query with a bad escape is refused", arguments: ["/q?a=%", "/q?%4=1", "/q?a=%gg", "/q?a=%00", "/q?a=%ff"])
  func badQuery(uri: String) {
    #expect(throws: RequestTargetError.self) { try RequestTarget(uri, method: .get) }
  }

  @Test("the first of repeated keys is the value, and all are there")
  func repeated() {
    let query = QueryParameters(["by": "agent", "by": "user"])
    #expect(query["by"] == "agent")
    #expect(query.all("by") == ["agent", "user"])
    #expect(query["top"] == nil)
  }

  @Test("a date is written as RFC 9110 writes it")
  func date() {
    #expect(HTTPDate.render(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
  }
}
