import ControlServer
import Testing

extension HTTPServerTests {
  @Suite("HTTP stream")
  struct HTTPStreamTests {
    @Test("a stream is chunked and ends with its connection")
    func chunked() async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        try client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        let head = try client.response()
        #expect(head.header("transfer-encoding") == "chunked")
        #expect(head.header("connection") == "close")
        #expect(try client.rest() == "3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n")
      }
    }

    @Test("a stream to HTTP/1.0 is plain bytes until the close")
    func plain() async throws {
      try await TestServer.run { test in
        let client = try test.connect()
        try client.send("GET /stream HTTP/1.0\r\n\r\n")
        #expect(try client.response().header("transfer-encoding") == nil)
        #expect(try client.rest() == "onetwothree")
      }
    }

    @Test("a reader too slow for a stream is cut, and nobody waits for it")
    func tooSlow() async throws {
      var limits = HTTPLimits()
      limits.streamBufferBytes = 128 << 10
      try await TestServer.run(limits: limits) { test in
        let client = try test.connect(receiveBuffer: 4096)
        try client.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n")
        let isCut = try await TestServer.eventually { test.server.statistics().streamsCut == 1 }
        #expect(isCut)
        #expect(try test.connect().exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
        let isEmpty = try await TestServer.eventually { test.server.statistics().connectionsOpen == 0 }
        #expect(isEmpty)
      }
    }

    @Test("a stream learns that its reader has gone", arguments: [false, true])
    func readerGone(halfOnly: Bool) async throws {
      try await TestServer.run { test in
        var client: RawConnection? = try test.connect()
        try client?.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client?.response().status == 200)
        if halfOnly { client?.closeSendingSide() } else { client = nil }
        let isEmpty = try await TestServer.eventually { test.server.statistics().connectionsOpen == 0 }
        #expect(isEmpty)
      }
    }

    @Test("the observers of a stream are told once that it has ended")
    func observers() async throws {
      let ended = Counter()
      let route = Route(.get, "/watched", role: .none) { _, _ in
        HTTPResponse(
          body: .stream { writer in
            writer.whenEnded { ended.add() }
            writer.finish()
            writer.finish()
            writer.whenEnded { ended.add() }
          })
      }
      let server = try HTTPServer.bind(to: .tcp(host: "127.0.0.1", port: 0), router: Router([route]))
      let client = try TestServer(server: server).connect()
      try client.send("GET /watched HTTP/1.1\r\nHost: a\r\n\r\n")
      _ = try client.rest()
      await server.shutdown(within: .seconds(2))
      #expect(ended.value == 2)
    }
  }
}
