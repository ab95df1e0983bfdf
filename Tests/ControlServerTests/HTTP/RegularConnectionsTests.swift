import ControlServer
import Glibc
import Testing

extension HTTPServerTests {
  @Suite("Connections in use go on on a loop of their own")
  struct RegularConnectionsTests {
    private static let hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let thread = Route(.get, "/thread", role: .none) { _, _ in .text("\(pthread_self())") }

    private func askThread(_ connection: RawConnection) throws -> String {
      try connection.exchange("GET /thread HTTP/1.1\r\nHost: a\r\n\r\n").text
    }

    private func run(_ limits: HTTPLimits = HTTPLimits(), _ body: (TestServer) async throws -> Void) async throws {
      try await TestServer.run(limits: limits, separatesRegulars: true, adding: [Self.thread], body)
    }

    @Test("the first two requests are answered by the loop that accepts, the further ones by the other")
    func moves() async throws {
      try await run { test in
        let (one, other) = (try test.connect(), try test.connect())
        let door = try askThread(one)
        #expect(try askThread(one) == door)
        let inside = try askThread(one)
        #expect(inside != door)
        for _ in 0..<20 { #expect(try askThread(one) == inside) }
        #expect(try askThread(other) == door)
        #expect(test.server.statistics().connectionsOpen == 2)
        #expect(test.server.statistics().connectionsAccepted == 2)
      }
    }

    @Test("without a second loop nothing moves")
    func stays() async throws {
      try await TestServer.run(adding: [Self.thread]) { test in
        let connection = try test.connect()
        let door = try askThread(connection)
        for _ in 0..<5 { #expect(try askThread(connection) == door) }
      }
    }

    @Test(
      "not a byte is lost on the way, wherever the reads of requests end",
      arguments: [
        [hello + hello + hello + hello], [hello, hello + "GET /hel", "lo HTTP/1.1\r\nHost: a\r\n\r\n", hello],
        [hello, "GET /hello HTTP/1.1\r\n", "Host: a\r\n\r\n", hello, hello], [hello, hello, hello + hello],
        [hello, "\r\n\r\n" + hello, hello, hello], [hello, hello + "\r\n\r\n", hello, hello],
      ])
    func keepsBytes(pieces: [String]) async throws {
      try await run { test in
        let connection = try test.connect()
        for piece in pieces {
          try connection.send(piece)
          usleep(20_000)
        }
        for _ in 0..<4 { #expect(try connection.response().text == "hello") }
        #expect(try connection.exchange(Self.hello).text == "hello")
      }
    }

    @Test(
      "a body that looks like the end of a head does not hide what follows it",
      arguments: ["0123456789", "\r\n\r\n012345", "012345\r\n\r\n", "\r\n\r\n\r\n\r\n01"])
    func bodies(body: String) async throws {
      try await run { test in
        let connection = try test.connect()
        let head = "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        _ = try connection.exchange(Self.hello)
        // In the read of the body's end comes what is as long as the body: the next request is not lost with it.
        try connection.send(head + body.prefix(body.count / 2))
        usleep(20_000)
        try connection.send(body.dropFirst(body.count / 2) + head + body)
        #expect(try connection.response().text == body)
        #expect(try connection.response().text == body)
        let chunk = String(body.utf8.count, radix: 16) + "\r\n" + body + "\r\n0\r\n\r\n"
        try connection.send(
          "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + head + body)
        #expect(try connection.response().text == body)
        #expect(try connection.response().text == body)
      }
    }

    @Test("the requests of a connection are counted on: it ends when it had as many as it may")
    func servedOn() async throws {
      var limits = HTTPLimits()
      limits.requestsPerConnection = 5
      try await run(limits) { test in
        let connection = try test.connect()
        for _ in 0..<4 { #expect(try connection.exchange(Self.hello).header("connection") == nil) }
        #expect(try connection.exchange(Self.hello).header("connection") == "close")
        #expect(connection.isClosedByPeer())
        let isGone = try await TestServer.eventually { test.server.statistics().connectionsOpen == 0 }
        #expect(isGone)
      }
    }

    @Test("who is at the other end is known on: an address, or the process at a Unix socket")
    func peers() async throws {
      let ask = "GET /peer HTTP/1.1\r\nHost: a\r\n\r\n"
      try await run { test in
        let connection = try test.connect()
        for _ in 0..<4 { #expect(try connection.exchange(ask).text == "127.0.0.1") }
      }
      let path = "/tmp/tallygate-regulars-\(getpid()).sock"
      try await TestServer.run(at: .unix(path: path), separatesRegulars: true) { _ in
        let connection = try RawConnection(path: path)
        for _ in 0..<4 { #expect(try connection.exchange(ask).text == "\(getpid()) \(getuid()) \(getgid())") }
      }
    }

    @Test("half-open newcomers give way before one that is in use, and the newest still get in")
    func newcomersGiveWay() async throws {
      var limits = HTTPLimits()
      limits.connections = 8
      try await run(limits) { test in
        let regular = try test.connect()
        for _ in 0..<3 { #expect(try regular.exchange(Self.hello).text == "hello") }
        var halfOpen: [RawConnection] = []
        for _ in 0..<30 {
          halfOpen.append(try test.connect())
          try halfOpen[halfOpen.count - 1].send("GET /hello HTTP/1.1\r\n")
        }
        #expect(try test.connect().exchange(Self.hello).text == "hello")
        #expect(try regular.exchange(Self.hello).text == "hello")
        #expect(test.server.statistics().connectionsOpen <= 8)
        #expect(test.server.statistics().connectionsRefused == 0)
      }
    }

    @Test("those in use leave room for newcomers: the idlest of them gives way")
    func regularsGiveWay() async throws {
      var limits = HTTPLimits()
      limits.connections = 8
      try await run(limits) { test in
        var regulars: [RawConnection] = []
        for _ in 0..<12 {
          let connection = try test.connect()
          for _ in 0..<4 { #expect(try connection.exchange(Self.hello).text == "hello") }
          regulars.append(connection)
        }
        #expect(test.server.statistics().connectionsOpen <= 8)
        #expect(test.server.statistics().connectionsRefused == 0)
        #expect(regulars[0].isClosedByPeer())
        #expect(try regulars[11].exchange(Self.hello).text == "hello")
      }
    }

    @Test("a shutdown closes idle ones at once and lets what runs be answered")
    func shutdown() async throws {
      let gate = Gate()
      try await TestServer.run(separatesRegulars: true, adding: [gate.route]) { test in
        let (idle, running) = (try test.connect(), try test.connect())
        for _ in 0..<3 {
          _ = try idle.exchange(Self.hello)
          _ = try running.exchange(Self.hello)
        }
        try running.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")
        let runs = try await TestServer.eventually { gate.arrivals == 1 }
        #expect(runs)
        gate.openSoon()
        await test.server.shutdown(within: .seconds(60))
        #expect(try running.response().text == "held")
        #expect(idle.isClosedByPeer())
        #expect(test.server.statistics().connectionsOpen == 0)
      }
    }
  }
}
