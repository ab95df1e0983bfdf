import ControlServer
import Glibc

/// A real server on a free port of the loopback interface, with routes to try it by.
struct TestServer {
  let server: HTTPServer

  var port: UInt16 {
    if case .tcp(_, let port) = server.boundAddress { port } else { 0 }
  }

  func connect(receiveBuffer: Int32? = nil) throws -> RawConnection {
    try RawConnection(port: port, receiveBuffer: receiveBuffer)
  }

  static func run(
    limits: HTTPLimits = HTTPLimits(), at address: HTTPListenAddress = .tcp(host: "127.0.0.1", port: 0),
    regularLoops: Int = 0, adding extra: [Route] = [], commitment: Commitment = .none,
    _ body: (TestServer) async throws -> Void
  ) async throws {
    let server = try HTTPServer.bind(
      to: address, limits: limits, regularLoops: regularLoops,
      router: Router(routes + extra, commitment: commitment))
    do {
      try await body(TestServer(server: server))
      await server.shutdown(within: .seconds(2))
    } catch {
      await server.shutdown(within: .seconds(2))
      throw error
    }
  }

  /// Waits for a condition that another thread brings about; false after two seconds.
  static func eventually(_ condition: () -> Bool) async throws -> Bool {
    for _ in 0..<200 {
      if condition() { return true }
      try await Task.sleep(for: .milliseconds(10))
    }
    return condition()
  }

  static let routes: [Route] = [
    Route(.get, "/hello", role: .none) { _, _ in .text("hello") },
    Route(.get, "/echo/{value}", role: .none) { _, parameters in .text(parameters["value"] ?? "") },
    Route(.get, "/query", role: .none) { request, _ in
      .text(request.query.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: ";"))
    },
    Route(.post, "/length", role: .none) { request, _ in .text("\(request.body.count)") },
    Route(.post, "/body", role: .none) { request, _ in .text(String(decoding: request.body, as: UTF8.self)) },
    Route(.get, "/peer", role: .none) { request, _ in
      .text(request.peer.map { "\($0.processID) \($0.userID) \($0.groupID)" } ?? request.remoteAddress ?? "nobody")
    },
    Route(.get, "/slow", role: .none, execution: .offLoop) { _, _ in
      usleep(300_000)
      return .text("slow")
    },
    Route(.get, "/big", role: .none) { _, _ in .json([UInt8](repeating: 32, count: 8 << 20)) },
    Route(.get, "/inject", role: .none) { _, _ in
      HTTPResponse(headers: HTTPHeaders([("x-a", "1\r\nx-b: 2"), ("bad name", "3"), ("content-length", "99")]))
    },
    Route(.get, "/nothing", role: .none) { _, _ in .empty() },
    Route(.get, "/stream", role: .none) { _, _ in
      HTTPResponse(
        body: .stream { writer in
          for event in ["one", "two", "three"] { writer.send(Array(event.utf8)) }
          writer.finish()
        })
    },
    Route(.get, "/endless", role: .none) { _, _ in HTTPResponse(body: .stream { $0.send(Array("begun".utf8)) }) },
    Route(.get, "/flood", role: .none) { _, _ in
      HTTPResponse(
        body: .stream { writer in
          let piece = [UInt8](repeating: 120, count: 64 << 10)
          while writer.send(piece) {}
        })
    },
    Route(.put, "/operator", role: .operator) { _, _ in .text("changed") },
  ]
}
