import Glibc
import JSONText
import Synchronization
import Testing

@testable import ControlServer

@Suite("Answers that wait for the disk")
struct CommitmentTests {
  /// A disk that confirms when the test says so.
  private final class Disk: Sendable {
    private let waiting = Mutex<[@Sendable () -> Void]>([])
    let obstacle = Mutex<String?>(nil)
    let done = Mutex(0)
    /// How often it was asked for what need not be forced to the disk, and whether it takes its time with that too.
    let written = Mutex((asked: 0, isSlow: false))

    var commitment: Commitment {
      Commitment(strictObstacle: { self.obstacle.withLock { $0 } }) { durability, done in
        if durability == .written {
          let isSlow = self.written.withLock { written in
            written.asked += 1
            return written.isSlow
          }
          guard isSlow else { return true }
        }
        self.waiting.withLock { $0.append(done) }
        return false
      }
    }

    var route: Route {
      Route(.post, "/act/{status}", role: .none) { _, parameters in
        self.done.withLock { $0 += 1 }
        return .json(Array(#"{"id":"r1"}"#.utf8), status: HTTPStatus(UInt16(parameters["status"] ?? "") ?? 500))
      }
    }

    var callers: Int { waiting.withLock { $0.count } }

    func confirm() {
      let all = waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
      for done in all { done() }
    }
  }

  private func run(
    _ disk: Disk, limit: Duration = .seconds(600), _ body: @Sendable (RawConnection) async throws -> Void
  ) async throws {
    var limits = HTTPLimits()
    limits.strictCommitWait = limit
    // A test that finds no processor for a minute must not find its connection closed.
    limits.idleTimeout = .seconds(600)
    limits.responseTimeout = .seconds(600)
    try await TestServer.run(limits: limits, adding: [disk.route], commitment: disk.commitment) { server in
      try await body(server.connect())
    }
  }

  private static func request(_ status: Int, durability: String?) -> String {
    let header = durability.map { "Durability: \($0)\r\n" } ?? ""
    return "POST /act/\(status) HTTP/1.1\r\nHost: a\r\n\(header)Content-Length: 0\r\n\r\n"
  }

  @Test("a strict answer leaves when the disk has what it acknowledges, and says so")
  func waits() async throws {
    let disk = Disk()
    try await run(disk) { connection in
      try connection.send(Self.request(201, durability: "Strict"))
      #expect(try await TestServer.eventually { disk.callers == 1 })
      disk.confirm()
      let response = try connection.response()
      #expect(response.status == 201 && response.header("durability") == "strict")
      #expect(response.text == #"{"id":"r1"}"#)
      try connection.send(Self.request(201, durability: nil))
      let plain = try connection.response()
      #expect(plain.status == 201 && plain.header("durability") == nil)
    }
  }

  @Test("a disk that does not confirm in time is an error, with the answer in it: what was done counts")
  func late() async throws {
    let disk = Disk()
    try await run(disk, limit: .milliseconds(50)) { connection in
      try connection.send(Self.request(201, durability: "strict"))
      let response = try connection.response()
      #expect(response.status == 503 && response.header("durability") == nil)
      let problem = try JSONValue.parse(response.body).asObject
      #expect(problem?["type"]?.asString == "https://tallygate.dev/problems/not-durable")
      #expect(problem?["applied"]?.asBool == true)
      #expect(problem?["answer"]?.asObject?["id"]?.asString == "r1")
      // The next request on the connection is not answered by what comes late.
      try connection.send(Self.request(200, durability: nil))
      disk.confirm()
      #expect(try connection.response().status == 200)
      #expect(disk.done.withLock { $0 } == 2)
    }
  }

  /// Keeps its thread meanwhile: with all tests running at once it might get none back before the gate opens by itself.
  private static func wait(_ condition: () -> Bool) {
    for _ in 0..<5_000 where !condition() { usleep(1_000) }
  }

  @Test("after the first the answers of one turn of the loop are asked for together; all leave when that is written")
  func together() async throws {
    let disk = Disk()
    let gate = Gate()
    disk.written.withLock { $0.isSlow = true }
    try await TestServer.run(adding: [disk.route, gate.route(execution: .onLoop)], commitment: disk.commitment) {
      server in
      let connections = try (0..<4).map { _ in try server.connect() }
      for connection in connections {
        try connection.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try connection.response().status == 200)
      }
      try connections[0].send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")
      Self.wait { gate.arrivals == 1 }
      for connection in connections[1...] { try connection.send(Self.request(201, durability: nil)) }
      Self.wait { connections.allSatisfy(\.isDelivered) }
      gate.open()
      #expect(try connections[0].response().status == 200)
      #expect(try await TestServer.eventually { disk.callers == 2 })
      #expect(disk.done.withLock { $0 } == 3 && disk.written.withLock { $0.asked } == 2)
      disk.confirm()
      for connection in connections[1...] { #expect(try connection.response().status == 201) }
    }
  }

  @Test("a disk that hangs holds up no answer for longer than the limit")
  func hanging() async throws {
    let disk = Disk()
    disk.written.withLock { $0.isSlow = true }
    var limits = HTTPLimits()
    limits.commitWait = .milliseconds(50)
    try await TestServer.run(limits: limits, adding: [disk.route], commitment: disk.commitment) { server in
      let connection = try server.connect()
      for round in 1...3 {
        try connection.send(Self.request(200, durability: nil))
        #expect(try connection.response().status == 200)
        #expect(disk.callers == round)
      }
      // What comes late answers nobody a second time.
      disk.confirm()
      try connection.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try connection.response().text == "hello")
    }
  }

  @Test("what cannot be promised is refused before anything is done")
  func obstacle() async throws {
    let disk = Disk()
    disk.obstacle.withLock { $0 = "The disk is gone." }
    try await run(disk) { connection in
      try connection.send(Self.request(201, durability: "strict"))
      let response = try connection.response()
      #expect(response.status == 503 && response.header("retry-after") == "1")
      #expect(try JSONValue.parse(response.body).asObject?["applied"]?.asBool == false)
      #expect(response.text.contains("The disk is gone."))
      try connection.send(Self.request(201, durability: "sometimes"))
      #expect(try connection.response().status == 400)
      #expect(disk.done.withLock { $0 } == 0)
    }
  }

  @Test("a refusal acknowledges nothing and waits for nothing", arguments: [400, 404, 429])
  func refusals(status: Int) async throws {
    let disk = Disk()
    try await run(disk) { connection in
      try connection.send(Self.request(status, durability: "strict"))
      #expect(try connection.response().status == status)
      #expect(disk.callers == 0)
    }
  }
}
