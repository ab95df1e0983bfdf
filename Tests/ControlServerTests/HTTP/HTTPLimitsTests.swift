import ControlServer
import Testing

extension HTTPServerTests {
  @Suite("HTTP limits")
  struct HTTPLimitsTests {
    private var small: HTTPLimits {
      var limits = HTTPLimits()
      limits.bodyBytes = 1_000
      limits.headerBytes = 2_000
      limits.targetBytes = 500
      limits.headerFields = 10
      return limits
    }

    private func request(target: Int = 6, field: Int = 1, fields: Int = 1) -> String {
      let path = "/echo/" + String(repeating: "p", count: max(1, target - 6))
      let lines = String(repeating: "X-A: \(String(repeating: "v", count: field))\r\n", count: fields)
      return "GET \(path) HTTP/1.1\r\nHost: a\r\n\(lines)\r\n"
    }

    @Test("what is at its limit passes")
    func atTheLimit() async throws {
      try await TestServer.run(limits: small) { test in
        let client = try test.connect()
        #expect(try client.exchange(request(target: 500)).status == 200)
        // "Host" and "a" are five bytes, "X-A" three.
        #expect(try client.exchange(request(field: 1_992)).status == 200)
        #expect(try client.exchange(request(fields: 9)).status == 200)
        let body = String(repeating: "b", count: 1_000)
        let post = "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n\(body)"
        #expect(try client.exchange(post).text == "1000")
      }
    }

    @Test("one more is refused with the status that says which")
    func pastTheLimit() async throws {
      let body = String(repeating: "b", count: 1_001)
      let chunked = "POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      let cases: [(String, Int)] = [
        (request(target: 501), 414), (request(target: 3_000), 414), (request(target: 100_000), 414),
        ("GET /" + String(repeating: "p", count: 100_000), 414),
        (request(field: 1_993), 431), (request(field: 100_000), 431), (request(fields: 10), 431),
        (request(field: 300, fields: 9), 431),
        ("GET /hello HTTP/1.1\r\nHost: a\r\nX-A:" + String(repeating: " ", count: 200_000), 431),
        (String(repeating: "\r\n", count: 100_000), 431),
        ("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n", 413),
        ("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n", 413),
        ("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n\(body)", 413),
        (chunked + "3e9\r\n\(body)\r\n0\r\n\r\n", 413),
        (
          chunked + "1f4\r\n\(String(repeating: "b", count: 500))\r\n1f5\r\n\(String(repeating: "b", count: 501))\r\n",
          413
        ),
        (chunked + "1;" + String(repeating: "x", count: 200_000), 400),
        (chunked + "0\r\nX:" + String(repeating: " ", count: 200_000), 400),
      ]
      try await TestServer.run(limits: small) { test in
        for (bytes, status) in cases {
          let client = try test.connect()
          try? client.send(bytes)
          let response = try client.response()
          #expect(response.status == status, "\(bytes.prefix(80))")
          #expect(response.header("content-type") == Problem.contentType)
        }
        let isEmpty = try await TestServer.eventually { test.server.statistics().connectionsOpen == 0 }
        #expect(isEmpty)
      }
    }

    @Test("an answer to an upload that is too large can be read although the upload goes on")
    func lingersAfterRefusal() async throws {
      try await TestServer.run(limits: small) { test in
        let client = try test.connect()
        try client.send("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n")
        for _ in 0..<50 { try client.send([UInt8](repeating: 98, count: 10_000)) }
        #expect(try client.response().status == 413)
      }
    }

    private let get = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
    private let follow = "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("a connection above the cap is answered 503 when none may give way; those that are open go on")
    func connectionCap() async throws {
      var limits = HTTPLimits()
      limits.connections = 2
      try await TestServer.run(limits: limits) { test in
        let first = try test.connect()
        try first.send(follow)
        _ = try first.text(until: "begun")
        var second: RawConnection? = try test.connect()
        try second?.send(follow)
        _ = try second?.text(until: "begun")
        let third = try test.connect()
        let refusal = try third.response()
        #expect(refusal.status == 503)
        #expect(refusal.header("retry-after") == "1")
        #expect(third.isClosedByPeer())
        #expect(test.server.statistics().connectionsRefused == 1)
        #expect(test.server.statistics().connectionsEvicted == 0)
        second = nil
        let hasRoom = try await TestServer.eventually { test.server.statistics().connectionsOpen == 1 }
        #expect(hasRoom)
        #expect(try test.connect().exchange(get).text == "hello")
      }
    }

    @Test("half-open connections give way to who asks, and who goes on asking keeps its own")
    func givesWay() async throws {
      var limits = HTTPLimits()
      limits.connections = 8
      try await TestServer.run(limits: limits) { test in
        let steady = try test.connect()
        #expect(try steady.exchange(get).text == "hello")
        var halfOpen: [RawConnection] = []
        for beginning in 0..<40 {
          let connection = try test.connect()
          try connection.send(["G", "GET /hello HTTP/1.1\r\nHost: a\r\nX-A: b", ""][beginning % 3])
          halfOpen.append(connection)
          #expect(try steady.exchange(get).text == "hello", "\(beginning)")
          #expect(try test.connect().exchange(get).text == "hello", "\(beginning)")
        }
        #expect(test.server.statistics().connectionsRefused == 0)
        #expect(test.server.statistics().connectionsEvicted > 0)
        #expect(halfOpen.first?.isClosedByPeer() == true)
      }
    }

    @Test("where bodies that do not end fill their room, a small one still arrives and a large one is refused")
    func bodiesTogether() async throws {
      var limits = HTTPLimits()
      limits.connections = 10
      limits.bodiesBytes = 10_000
      try await TestServer.run(limits: limits) { test in
        func post(_ bytes: Int) -> String {
          "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: \(bytes)\r\n\r\n"
        }
        let (slow, large) = (try test.connect(), try test.connect())
        try slow.send(post(20_000) + String(repeating: "b", count: 9_800))
        try await Task.sleep(for: .milliseconds(50))
        #expect(try test.connect().exchange(post(900) + String(repeating: "b", count: 900)).text == "900")
        try large.send(post(3_000) + String(repeating: "b", count: 2_000))
        let refusal = try large.response()
        #expect(refusal.status == 503)
        #expect(refusal.header("retry-after") == "1")
        slow.reset()
        withExtendedLifetime(slow) {}
      }
    }

    @Test("what a body took is given back with its connection, its refusal and its end")
    func bodiesGiveBack() async throws {
      var limits = HTTPLimits()
      limits.connections = 10
      limits.bodiesBytes = 5_000
      limits.bodyBytes = 4_500
      try await TestServer.run(limits: limits) { test in
        let post = "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n"
        for round in 0..<3 {
          // Ends in the middle.
          do { try test.connect().send(post + String(repeating: "b", count: 3_900)) }
          let isEmpty = try await TestServer.eventually { test.server.statistics().connectionsOpen == 0 }
          #expect(isEmpty)
          // Is refused in the middle.
          let chunked = "POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
          let piece = "7d0\r\n" + String(repeating: "b", count: 2_000) + "\r\n"
          #expect(try test.connect().exchange(chunked + piece + piece + "zz\r\n").status == 400)
          // Ends well.
          #expect(
            try test.connect().exchange(post + String(repeating: "b", count: 4_000)).text == "4000", "\(round)")
        }
      }
    }

    @Test("a connection ends after its share of requests")
    func requestCap() async throws {
      var limits = HTTPLimits()
      limits.requestsPerConnection = 2
      try await TestServer.run(limits: limits) { test in
        let client = try test.connect()
        let get = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(try client.exchange(get).header("connection") == nil)
        #expect(try client.exchange(get).header("connection") == "close")
        #expect(client.isClosedByPeer())
      }
    }

    @Test("too many requests behind one that runs end the connection after those that were taken")
    func pipelineCap() async throws {
      var limits = HTTPLimits()
      limits.pipelinedRequests = 3
      try await TestServer.run(limits: limits) { test in
        let client = try test.connect()
        let get = "GET /echo/x HTTP/1.1\r\nHost: a\r\n\r\n"
        try client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + String(repeating: get, count: 20))
        #expect(try client.response().text == "slow")
        var answered = 0
        while let response = try? client.response() {
          answered += 1
          #expect(response.header("connection") == (answered == 4 ? "close" : nil))
        }
        #expect(answered == 4)
      }
    }

    @Test("a full queue off the loop answers 503 and the loop goes on")
    func offLoopQueue() async throws {
      var limits = HTTPLimits()
      limits.offLoopRequests = 1
      let gate = Gate()
      try await TestServer.run(limits: limits, adding: [gate.route]) { test in
        let get = "GET /held HTTP/1.1\r\nHost: a\r\n\r\n"
        let first = try test.connect()
        let second = try test.connect()
        try first.send(get)
        let runs = try await TestServer.eventually { gate.arrivals == 1 }
        #expect(runs)
        let refused = try second.exchange(get)
        #expect(refused.status == 503)
        #expect(refused.header("retry-after") == "1")
        #expect(try second.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
        gate.open()
        #expect(try first.response().text == "held")
        #expect(try second.exchange(get).text == "held")
      }
    }

    @Test("a request whose time ran out in the queue is not run")
    func expiredInQueue() async throws {
      var limits = HTTPLimits()
      limits.responseTimeout = .milliseconds(100)
      let gate = Gate()
      try await TestServer.run(limits: limits, adding: [gate.route]) { test in
        let get = "GET /held HTTP/1.1\r\nHost: a\r\n\r\n"
        let first = try test.connect()
        let second = try test.connect()
        try first.send(get)
        let runs = try await TestServer.eventually { gate.arrivals == 1 }
        #expect(runs)
        try second.send(get)
        gate.openSoon()
        #expect(try second.response().status == 503)
        #expect(try first.response().text == "held")
        #expect(gate.arrivals == 1)
      }
    }
  }
}
