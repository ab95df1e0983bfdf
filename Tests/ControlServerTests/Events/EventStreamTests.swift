import BudgetCore
import LedgerAccess
import Testing

@testable import ControlServer

extension HTTPServerTests {
  @Suite("GET /v1/events")
  struct EventStreamTests {
    private let hub = EventHub(start: noon)
    private let first = UInt64(noon.nanoseconds / 1_000)
    private let scene: ControlScene

    init() {
      scene = ControlScene([.test(limit: 1000), .test("other", limit: 10)], hub: hub)
    }

    private func routes(keepAlive: Duration = .seconds(15)) -> [Route] {
      EventRoutes(hub: hub, ledger: scene.ledger, keepAlive: keepAlive).routes
    }

    /// HTTP/1.0 has no chunks: what comes is the stream itself.
    private func get(_ query: String = "", _ headers: String = "") -> String {
      "GET /v1/events\(query) HTTP/1.0\r\n\(headers)\r\n"
    }

    @Test("A4, A17: the lines of a usage that jumps over every threshold arrive as one event for each")
    func crossing() async throws {
      try await TestServer.run(adding: routes()) { test in
        let client = try test.connect()
        try client.send(get("?budget=daily"))
        let head = try client.response()
        #expect(head.status == 200)
        #expect(head.header("content-type") == "text/event-stream")
        #expect(head.header("cache-control") == "no-store")
        #expect(head.header("content-length") == nil)
        _ = try client.text(until: "retry: 2000\nid: \(first - 1)\n\n")
        for _ in 0..<5 {
          _ = scene.post("/v1/usage", "tokens:150|c|#agent:a\ntokens:150|c|#agent:a", type: "text/plain")
        }
        let blocks = EventBlock.blocks(in: try client.text(until: "\"exceeded\"", "\n\n"))
        #expect(blocks.map(\.event) == ["warn", "exhausted", "exceeded"])
        #expect(hub.statistics.subscribers == 1)
      }
    }

    @Test("Last-Event-ID resumes, as a header before the parameter of that name", arguments: [false, true])
    func resume(header: Bool) async throws {
      hub.publish([.test(.warn), .test(.exhausted), .test(.exceeded)])
      try await TestServer.run(adding: routes()) { test in
        let client = try test.connect()
        if header {
          try client.send(get("?last_event_id=5", "Last-Event-ID: \(first)\r\n"))
        } else {
          try client.send(get("?last_event_id=\(first)"))
        }
        _ = try client.response()
        let blocks = EventBlock.blocks(in: try client.text(until: "\"exceeded\"", "\n\n"))
        #expect(blocks.map(\.event) == [nil, "exhausted", "exceeded"])
        #expect(blocks.map(\.id) == [first, first + 1, first + 2])
      }
    }

    @Test(
      "a parameter that cannot be is refused by name",
      arguments: [
        ("budgets=daily", "budgets"), ("budget=nobody", "budget"), ("budget=", "budget"), ("budget=daily,", "budget"),
        ("kind=WARN", "kind"), ("kind=lost", "kind"), ("kind=", "kind"), ("last_event_id=-1", "last_event_id"),
        ("last_event_id=x", "last_event_id"), ("last_event_id=99999999999999999999", "last_event_id"), ("x", "x"),
      ])
    func badParameters(query: String, member: String) async throws {
      try await TestServer.run(adding: routes()) { test in
        let answer = try test.connect().exchange(get("?" + query))
        #expect(answer.status == 400)
        #expect(answer.header("content-type") == "application/problem+json")
        #expect(answer.text.contains(#""member":"\#(member)""#), "\(answer.text)")
        #expect(hub.statistics.subscribers == 0)
      }
    }

    @Test("one subscriber too many is answered 503")
    func full() async throws {
      try await TestServer.run(adding: routes()) { test in
        var clients: [RawConnection] = []
        for _ in 0..<EventHub.mostSubscribers {
          let client = try test.connect()
          try client.send(get())
          _ = try client.text(until: "retry: 2000")
          clients.append(client)
        }
        let refused = try test.connect().exchange(get())
        #expect(refused.status == 503)
        #expect(refused.header("retry-after") == "2")
        #expect(refused.text.contains("problems/too-many-subscribers"))
        clients.removeLast()
        let hasRoom = try await TestServer.eventually { hub.statistics.subscribers == 63 }
        #expect(hasRoom)
      }
    }

    @Test("a quiet stream outlives every deadline of the server and says that it lives")
    func quiet() async throws {
      var limits = HTTPLimits()
      (limits.headerTimeout, limits.bodyTimeout) = (.milliseconds(100), .milliseconds(100))
      (limits.writeTimeout, limits.idleTimeout) = (.milliseconds(100), .milliseconds(100))
      try await TestServer.run(limits: limits, adding: routes(keepAlive: .milliseconds(250))) { test in
        let client = try test.connect()
        try client.send(get())
        _ = try client.response()
        let start = ContinuousClock.now
        _ = try client.text(until: ": keep-alive\nid: \(first - 1)\n\n", ": keep-alive", ": keep-alive")
        #expect(ContinuousClock.now - start > .milliseconds(700))
        hub.publish([.test(.warn)])
        _ = try client.text(until: "event: warn")
        #expect(test.server.statistics().timeouts == 0)
      }
    }

    @Test("a reader that takes nothing is cut, and the others hear everything at once")
    func slowReader() async throws {
      var limits = HTTPLimits()
      limits.writeTimeout = .milliseconds(300)
      try await TestServer.run(limits: limits, adding: routes()) { test in
        let slow = try test.connect(receiveBuffer: 4096)
        try slow.send(get())
        let quick = try test.connect()
        try quick.send(get())
        _ = try quick.text(until: "retry: 2000")
        let areThere = try await TestServer.eventually { hub.statistics.subscribers == 2 }
        #expect(areThere)
        let long = Tag(key: "agent", value: String(repeating: "x", count: 4000))
        var isCut = false
        for _ in 0..<200 where !isCut {
          hub.publish([LedgerEvent](repeating: .test(tags: [long]), count: 20) + [.test(.resume)])
          _ = try quick.text(until: "event: resume")
          try await Task.sleep(for: .milliseconds(10))
          isCut = test.server.statistics().streamsCut == 1
        }
        #expect(isCut)
        let isGone = try await TestServer.eventually { hub.statistics.subscribers == 1 }
        #expect(isGone)
        withExtendedLifetime(slow) {}
      }
    }

    @Test("a client that goes is forgotten", arguments: [false, true])
    func gone(halfOnly: Bool) async throws {
      try await TestServer.run(adding: routes()) { test in
        var client: RawConnection? = try test.connect()
        try client?.send(get())
        _ = try client?.text(until: "retry: 2000")
        #expect(hub.statistics.subscribers == 1)
        if halfOnly { client?.closeSendingSide() } else { client = nil }
        let isGone = try await TestServer.eventually { hub.statistics.subscribers == 0 }
        #expect(isGone)
      }
    }

    @Test("a shutdown ends the streams at once")
    func shutdown() async throws {
      try await TestServer.run(adding: routes()) { test in
        let client = try test.connect()
        try client.send("GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try client.text(until: "retry: 2000")
        let start = ContinuousClock.now
        await test.server.shutdown(within: .seconds(60))
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(try client.rest().hasSuffix("0\r\n\r\n"))
        #expect(hub.statistics.subscribers == 0)
      }
    }

    @Test("HEAD answers the head alone and subscribes nobody; other methods are 405")
    func methods() async throws {
      try await TestServer.run(adding: routes()) { test in
        let client = try test.connect()
        try client.send("HEAD /v1/events HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response(bodyless: true).header("content-type") == "text/event-stream")
        #expect(try client.rest() == "")
        #expect(hub.statistics.subscribers == 0)
        let answer = try test.connect().exchange("POST /v1/events HTTP/1.0\r\n\r\n")
        #expect(answer.status == 405)
        #expect(answer.header("allow") == "GET, HEAD, OPTIONS")
      }
    }
  }
}
