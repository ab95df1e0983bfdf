import ControlServer
import Testing

extension HTTPServerTests {
  @Suite("HTTP timeouts")
  struct HTTPTimeoutTests {
    private var short: HTTPLimits {
      var limits = HTTPLimits()
      limits.headerTimeout = .milliseconds(200)
      limits.bodyTimeout = .milliseconds(200)
      limits.writeTimeout = .milliseconds(300)
      limits.idleTimeout = .milliseconds(700)
      limits.lingerTimeout = .milliseconds(100)
      return limits
    }

    @Test(
      "a request that does not arrive in time is answered 408",
      arguments: [
        "G", "GET /hello HTTP/1.1\r\nHost: a\r\n",
        "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab",
        "POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
      ])
    func slowRequest(bytes: String) async throws {
      try await TestServer.run(limits: short) { test in
        let client = try test.connect()
        try client.send(bytes)
        #expect(try client.response().status == 408)
        let isEmpty = try await TestServer.eventually { test.server.statistics().connectionsOpen == 0 }
        #expect(isEmpty)
        #expect(test.server.statistics().timeouts == 1)
      }
    }

    @Test("a byte now and then buys no time, on a fresh connection or a used one", arguments: [false, true])
    func slowloris(used: Bool) async throws {
      try await TestServer.run(limits: short) { test in
        let client = try test.connect()
        if used { #expect(try client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 200) }
        let start = ContinuousClock.now
        try client.send("GET /hello HTTP/1.1\r\n")
        while ContinuousClock.now - start < .milliseconds(500) {
          guard (try? client.send("X-A: 1\r\n")) != nil else { break }
          try await Task.sleep(for: .milliseconds(40))
        }
        #expect((try? client.response().status) ?? 408 == 408)
        #expect(test.server.statistics().timeouts == 1)
      }
    }

    @Test("an idle connection is closed without a word", arguments: [false, true])
    func idle(used: Bool) async throws {
      try await TestServer.run(limits: short) { test in
        let client = try test.connect()
        if used { #expect(try client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 200) }
        let start = ContinuousClock.now
        #expect(client.isClosedByPeer())
        #expect(ContinuousClock.now - start > .milliseconds(600))
        #expect(test.server.statistics().timeouts == 0)
      }
    }

    @Test("a reader that takes nothing is cut")
    func slowReader() async throws {
      try await TestServer.run(limits: short) { test in
        let client = try test.connect(receiveBuffer: 4096)
        try client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
        let isCut = try await TestServer.eventually { test.server.statistics().timeouts == 1 }
        #expect(isCut)
        let isEmpty = try await TestServer.eventually { test.server.statistics().connectionsOpen == 0 }
        #expect(isEmpty)
      }
    }

    @Test(
      "a client that vanishes leaves nothing behind",
      arguments: ["", "GET /he", "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"])
    func vanishes(bytes: String) async throws {
      try await TestServer.run { test in
        for resets in [false, true] {
          var client: RawConnection? = try test.connect()
          try client?.send(bytes)
          if resets { client?.reset() }
          client = nil
        }
        let isEmpty = try await TestServer.eventually {
          let statistics = test.server.statistics()
          return statistics.connectionsAccepted == 2 && statistics.connectionsOpen == 0
        }
        #expect(isEmpty)
      }
    }
  }
}
