import ControlServer
import Testing

extension HTTPServerTests {
  @Suite("HTTP shutdown")
  struct HTTPShutdownTests {
    @Test("what runs is answered, what is idle is closed at once, and nobody new gets in")
    func graceful() async throws {
      let gate = Gate()
      try await TestServer.run(adding: [gate.route]) { test in
        let idle = try test.connect()
        #expect(try idle.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 200)
        let running = try test.connect()
        try running.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")
        let streaming = try test.connect()
        try streaming.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try streaming.response().status == 200)
        let runs = try await TestServer.eventually { gate.arrivals == 1 }
        #expect(runs)
        let start = ContinuousClock.now
        gate.openSoon()
        await test.server.shutdown(within: .seconds(60))
        #expect(ContinuousClock.now - start < .seconds(30), "it did not wait for the time to be over")
        let answer = try running.response()
        #expect(answer.text == "held")
        #expect(answer.header("connection") == "close")
        #expect(idle.isClosedByPeer())
        #expect(try streaming.rest().hasSuffix("0\r\n\r\n"))
        #expect(throws: (any Error).self) { try test.connect() }
        #expect(test.server.statistics().connectionsOpen == 0)
      }
    }

    @Test("what takes too long is cut when the time is over")
    func cut() async throws {
      let gate = Gate()
      try await TestServer.run(adding: [gate.route]) { test in
        let half = try test.connect()
        try half.send("GET /hello HTTP/1.1\r\nHost:")
        let running = try test.connect()
        try running.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")
        let runs = try await TestServer.eventually {
          gate.arrivals == 1 && test.server.statistics().connectionsOpen == 2
        }
        #expect(runs)
        try await Task.sleep(for: .milliseconds(50))
        let start = ContinuousClock.now
        await test.server.shutdown(within: .milliseconds(100))
        let taken = ContinuousClock.now - start
        gate.open()
        #expect(taken > .milliseconds(90))
        #expect(taken < .seconds(5), "it waited for the handler")
        #expect(half.isClosedByPeer())
        #expect(running.isClosedByPeer())
      }
    }

    @Test("a port in use is an error that says so")
    func portInUse() async throws {
      try await TestServer.run { test in
        #expect(throws: HTTPServerError.addressInUse("127.0.0.1:\(test.port)")) {
          _ = try HTTPServer.bind(to: .tcp(host: "127.0.0.1", port: test.port), router: Router([]))
        }
      }
    }

    @Test("every address of the host answers when none is named")
    func everyAddress() async throws {
      try await TestServer.run(at: .tcp(host: "", port: 0)) { test in
        let answer = try test.connect().exchange("GET /peer HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.text == "127.0.0.1")
      }
    }
  }
}
