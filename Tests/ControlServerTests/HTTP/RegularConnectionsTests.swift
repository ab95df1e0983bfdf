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

    private func run(
      _ limits: HTTPLimits = HTTPLimits(), loops: Int = 1, _ body: (TestServer) async throws -> Void
    ) async throws {
      try await TestServer.run(limits: limits, regularLoops: loops, adding: [Self.thread], body)
    }

    /// Connects and asks until the connection has moved; its loop's thread.
    private func settled(_ test: TestServer) throws -> (connection: RawConnection, thread: String) {
      let connection = try test.connect()
      for _ in 0..<2 { _ = try askThread(connection) }
      return (connection, try askThread(connection))
    }

    @Test("several loops share the connections evenly, and a loop that lost some gets the next")
    func spread() async throws {
      try await run(loops: 3) { test in
        var settled: [(connection: RawConnection, thread: String)] = []
        for _ in 0..<12 { settled.append(try self.settled(test)) }
        let shares = Dictionary(settled.map { ($0.thread, 1) }, uniquingKeysWith: +)
        #expect(shares.values.sorted() == [4, 4, 4])
        let left = settled[0].thread
        settled.removeAll { $0.thread == left }
        let areGone = try await TestServer.eventually { test.server.statistics().connectionsOpen == 8 }
        #expect(areGone)
        for _ in 0..<4 { settled.append(try self.settled(test)) }
        #expect(settled.suffix(4).allSatisfy { $0.thread == left })
        for one in settled { #expect(try askThread(one.connection) == one.thread) }
      }
    }

    @Test("several loops have the room of one")
    func spreadRoom() async throws {
      var limits = HTTPLimits()
      limits.connections = 16
      try await run(limits, loops: 3) { test in
        var settled: [RawConnection] = []
        for _ in 0..<30 { settled.append(try self.settled(test).connection) }
        #expect(test.server.statistics().connectionsOpen <= 16)
        #expect(test.server.statistics().connectionsRefused == 0)
        #expect(test.server.statistics().connectionsOpen >= 12)
        #expect(try settled[29].exchange(Self.hello).text == "hello")
      }
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
      try await TestServer.run(at: .unix(path: path), regularLoops: 1) { _ in
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
      try await TestServer.run(regularLoops: 1, adding: [gate.route]) { test in
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
