import ControlServer
import Testing

extension HTTPServerTests {
  @Suite("HTTP exchange")
  struct HTTPExchangeTests {
    @Test("a connection serves request after request and keeps count")
    func keepAlive() async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        for _ in 0..<3 {
          let response = try client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
          #expect(response.status == 200)
          #expect(response.text == "hello")
          #expect(response.header("connection") == nil)
          #expect(response.header("date")?.hasSuffix(" GMT") == true)
        }
        #expect(try client.exchange("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").status == 404)
        let statistics = test.server.statistics()
        let hello = try #require(statistics.routes.first { $0.pattern == "/hello" })
        #expect(hello.method == "GET")
        #expect(hello.responses == [0, 3, 0, 0, 0])
        #expect(hello.requests == 3)
        #expect(hello.durationNanoseconds > 0)
        #expect(statistics.routes.last?.responses == [0, 0, 0, 1, 0])
        #expect(statistics.connectionsOpen == 1)
        #expect(statistics.connectionsAccepted == 1)
        #expect(statistics.bytesOut > 300)
      }
    }

    @Test(
      "a connection ends or goes on as version and Connection say",
      arguments: [
        ("HTTP/1.1", "", false), ("HTTP/1.1", "Connection: close\r\n", true),
        ("HTTP/1.1", "Connection: foo, Close\r\n", true), ("HTTP/1.0", "", true),
        ("HTTP/1.0", "Connection: keep-alive\r\n", false),
        ("HTTP/1.1", "Connection: Upgrade\r\nUpgrade: h2c\r\n", true),
      ])
    func persistence(version: String, field: String, closes: Bool) async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        let request = "GET /hello \(version)\r\nHost: a\r\n\(field)\r\n"
        let response = try client.exchange(request)
        #expect(response.text == "hello")
        #expect((response.header("connection") == "close") == closes)
        if closes {
          #expect(client.isClosedByPeer())
        } else {
          #expect(try client.exchange(request).text == "hello")
        }
      }
    }

    @Test("pipelined requests are answered in their order, also behind one that runs off the loop")
    func pipelining() async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n" }
        try client.send(get("/echo/1") + get("/slow") + get("/echo/2") + get("/slow") + get("/echo/3"))
        var answers: [String] = []
        for _ in 0..<5 { answers.append(try client.response().text) }
        #expect(answers == ["1", "slow", "2", "slow", "3"])
      }
    }

    @Test("large pipelined answers wait for a slow reader and all arrive")
    func slowReaderGetsEverything() async throws {
      try await TestServer.run { test in
        let client = try test.connect(receiveBuffer: 4096)
        try client.send(String(repeating: "GET /big HTTP/1.1\r\nHost: a\r\n\r\n", count: 4))
        for _ in 0..<4 { #expect(try client.response().body.count == 8 << 20) }
      }
    }

    @Test("a request may come byte by byte")
    func byteByByte() async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        for byte in "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc".utf8 { try client.send([byte]) }
        #expect(try client.response().text == "abc")
      }
    }

    @Test("a chunked body is put together, extensions and trailers aside")
    func chunked() async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        let head = "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
        let body = "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n"
        #expect(try client.exchange(head + body).text == "hello world")
        #expect(try client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
      }
    }

    @Test("HEAD has the length of GET and no body; 204 has neither")
    func bodyless() async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        try client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response(bodyless: true).header("content-length") == "5")
        let empty = try client.exchange("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(empty.status == 204)
        #expect(empty.header("content-length") == nil)
        #expect(try client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
      }
    }

    @Test("a client that waits for 100 Continue gets it, once, before the answer")
    func expectContinue() async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        try client.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n")
        #expect(try client.response().status == 100)
        #expect(try client.exchange("ok").text == "ok")
      }
    }

    @Test("no header value can begin another line, and framing belongs to the server")
    func headerInjection() async throws {
      try await TestServer.run { test in
        let response = try test.connect().exchange("GET /inject HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(response.header("x-a") == "1  x-b: 2")
        #expect(response.header("x-b") == nil)
        #expect(response.header("bad name") == nil)
        #expect(response.header("content-length") == "0")
      }
    }

    @Test("a client that has closed its sending side still gets the answer", arguments: ["/hello", "/slow"])
    func halfClosed(path: String) async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        client.closeSendingSide()
        #expect(try "/" + client.response().text == path)
        #expect(client.isClosedByPeer())
        let isEmpty = try await TestServer.eventually { test.server.statistics().connectionsOpen == 0 }
        #expect(isEmpty)
      }
    }

    @Test("path parameters and queries arrive decoded; the peer's address has no port")
    func decoded() async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        #expect(try client.exchange("GET /echo/a%2Fb%20c HTTP/1.1\r\nHost: a\r\n\r\n").text == "a/b c")
        #expect(try client.exchange("GET /query?a=1&a=%2B HTTP/1.1\r\nHost: a\r\n\r\n").text == "a=1;a=+")
        #expect(try client.exchange("GET /peer HTTP/1.1\r\nHost: a\r\n\r\n").text == "127.0.0.1")
        #expect(try client.exchange("GET http://a/hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
        #expect(try client.exchange("PUT /operator HTTP/1.1\r\nHost: a\r\n\r\n").status == 403)
      }
    }
  }
}
