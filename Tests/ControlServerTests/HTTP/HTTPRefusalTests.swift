import ControlServer
import Testing

extension HTTPServerTests {
  @Suite("HTTP refusal")
  struct HTTPRefusalTests {
    struct Case: CustomTestStringConvertible {
      let name: String
      let bytes: String
      let status: Int

      init(_ name: String, _ bytes: String, _ status: Int = 400) {
        self.name = name
        self.bytes = bytes
        self.status = status
      }

      var testDescription: String { name }
    }

    private static func post(_ fields: String, _ body: String = "") -> String {
      "POST /length HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)"
    }

    private static func get(_ rest: String) -> String { "GET /hello HTTP/1.1\r\nHost: a\r\n\(rest)\r\n\r\n" }

    static let cases: [Case] = [
      Case(
        "a length beside chunks",
        post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\nGET /hello HTTP/1.1")),
      Case("chunks beside a length", post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n")),
      Case("two different lengths", post("Content-Length: 5\r\nContent-Length: 6", "hello")),
      Case("a list of lengths", post("Content-Length: 5, 5", "hello")),
      Case("a negative length", post("Content-Length: -1")),
      Case("a signed length", post("Content-Length: +5", "hello")),
      Case("a hexadecimal length", post("Content-Length: 0x5", "hello")),
      Case("a length past any integer", post("Content-Length: 99999999999999999999")),
      Case("an unknown coding", post("Transfer-Encoding: gzip", "x")),
      Case("a coding that hides", post("Transfer-Encoding: xchunked", "0\r\n\r\n")),
      Case("a coding before chunks", post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"), 501),
      Case("chunks in HTTP/1.0", "POST /length HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      Case("space before the colon", post("Content-Length : 5", "hello")),
      Case("a folded line", get("X-A: 1\r\n 2")),
      Case("a folded first line", "GET /hello HTTP/1.1\r\n Host: a\r\n\r\n"),
      Case("a field without a name", get(": 1")),
      Case("a field without a colon", get("nonsense")),
      Case("a carriage return in a value", get("X-A: 1\r2")),
      Case("a NUL in a value", get("X-A: 1\u{0}2")),
      Case("a chunk size that is no number", post("Transfer-Encoding: chunked", "zz\r\n")),
      Case("a negative chunk size", post("Transfer-Encoding: chunked", "-1\r\n")),
      Case("a chunk size past any integer", post("Transfer-Encoding: chunked", "fffffffffffffffff\r\n")),
      Case("a chunk longer than it says", post("Transfer-Encoding: chunked", "1\r\nab\r\n0\r\n\r\n")),
      Case("no Host", "GET /hello HTTP/1.1\r\n\r\n"),
      Case("two Hosts", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
      Case("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      Case("HTTP/3", "GET /hello HTTP/3.0\r\nHost: a\r\n\r\n"),
      Case("HTTP/0.9", "GET /hello\r\n\r\n"),
      Case("TLS", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}"),
      Case("no HTTP at all", "hello?\r\n\r\n"),
      Case("a path with dots", "GET /a/../hello HTTP/1.1\r\nHost: a\r\n\r\n"),
      Case("a bad escape", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
      Case("a tunnel", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
      Case("a compressed body", get("Content-Encoding: gzip"), 415),
      Case("another expectation", get("Expect: 200-ok"), 417),
    ]

    @Test("what could be read in two ways is refused as a problem, and the connection ends", arguments: cases)
    func refused(example: Case) async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        try client.send(example.bytes)
        let response = try client.response()
        #expect(response.status == example.status)
        #expect(response.header("content-type") == Problem.contentType)
        #expect(response.header("connection") == "close")
        #expect(response.text.contains(#""status":\#(example.status)"#))
        // Nothing behind the error was answered as a request of its own.
        client.closeSendingSide()
        #expect(try client.rest() == "")
        #expect(test.server.statistics().protocolErrors == 1)
        #expect(test.server.statistics().routes.dropLast().allSatisfy { $0.requests == 0 })
      }
    }

    @Test("an error behind a good request is answered after it")
    func errorBehindRequest() async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        try client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n")
        #expect(try client.response().text == "slow")
        #expect(try client.response().status == 400)
        #expect(client.isClosedByPeer())
      }
    }

    @Test("random bytes end in an answer or a close, never in a crash", arguments: [1, 2, 3, 4] as [UInt64])
    func randomBytes(seed: UInt64) async throws {
      try await TestServer.run { test in
        var state = seed
        func next() -> UInt64 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return state >> 33
        }
        let pieces = [
          "GET ", "/hello", " HTTP/1.1", "\r\n", "Host: a", "Content-Length: 3", "Transfer-Encoding: chunked", "0",
          "\r",
          "\n", " ", "abc", "%2e", "POST /length", ";", ":", "Expect: 100-continue", "Upgrade: x",
          "Connection: upgrade",
          "\r\n\r\n", "HTTP/1.0", "\u{0}", "é", "ffffff", "OPTIONS *", "CONNECT a:1", "HEAD /stream",
        ]
        for _ in 0..<60 {
          let client = try test.connect()
          var bytes: [UInt8] = Array("GET /hello HTTP/1.1\r\nHost: a\r\n".utf8)
          if next() % 2 == 0 { bytes = [] }
          for _ in 0..<(next() % 24) { bytes += Array(pieces[Int(next() % UInt64(pieces.count))].utf8) }
          try? client.send(bytes)
          client.closeSendingSide()
          _ = try? client.rest()
        }
        #expect(try test.connect().exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello", "seed \(seed)")
        let isEmpty = try await TestServer.eventually { test.server.statistics().connectionsOpen == 0 }
        #expect(isEmpty)
      }
    }
  }
}
