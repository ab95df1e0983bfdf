import ControlClient
import Glibc
import Testing

@Suite("Asking over a socket")
struct ControlClientTests {
  private func client(_ server: ScriptedServer) -> ControlClient {
    var client = ControlClient(.unix(path: server.path), token: "secret")
    client.timeoutSeconds = 1
    client.streamTimeoutSeconds = 1
    return client
  }

  @Test("a request carries its token and its body, and an answer in pieces is put together")
  func answer() throws {
    let server = ScriptedServer([
      "HTTP/1.1 201 Created\r\nTransfer-", "Encoding: chunked\r\n\r\n2\r\nhe\r\n", "3\r\nllo\r\n0\r\n\r\n",
    ])
    let answer = try client(server).send("POST", "/v1/check?a=b", body: Array("{}".utf8))
    #expect(answer.status == 201)
    #expect(String(decoding: answer.body, as: UTF8.self) == "hello")
    #expect(server.request.hasPrefix("POST /v1/check?a=b HTTP/1.1\r\n"))
    #expect(server.request.contains("\r\nAuthorization: Bearer secret\r\n"))
    #expect(server.request.contains("\r\nContent-Length: 2\r\n"))
    #expect(server.request.hasSuffix("\r\n\r\n{}"))
  }

  @Test("who does not answer in time is given up")
  func silence() {
    let server = ScriptedServer(["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"], closes: false)
    #expect(throws: ControlError.lost(ETIMEDOUT)) { _ = try client(server).send("GET", "/") }
  }

  @Test("an answer that is cut off is none")
  func cutOff() {
    let server = ScriptedServer(["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
    #expect(throws: ControlError.cutOff) { _ = try client(server).send("GET", "/") }
  }

  @Test("nobody listens")
  func nobody() {
    #expect(throws: ControlError.unreachable(ENOENT)) {
      _ = try ControlClient(.unix(path: "/tmp/tallygate-none.sock")).send("GET", "/")
    }
    #expect(throws: ControlError.unreachable(ECONNREFUSED)) {
      _ = try ControlClient(.tcp(host: "127.0.0.1", port: 1)).send("GET", "/")
    }
  }

  @Test("a stream is followed until there is enough, and goes on where it was")
  func stream() throws {
    let text = "id: 4\nevent: warn\ndata: 1\n\nid: 5\ndata: 2\n\nid: 6\ndata: 3\n\n"
    let server = ScriptedServer(["HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", text])
    var parser = EventStreamParser(lastID: "3")
    var seen: [String] = []
    let refusal = try client(server).follow("/v1/events", &parser) { event in
      seen.append(event.data)
      return seen.count < 2
    }
    #expect(refusal == nil)
    #expect(seen == ["1", "2"])
    #expect(server.request.contains("\r\nLast-Event-ID: 3\r\n"))
  }

  @Test("a refusal of a stream is an answer")
  func refusedStream() throws {
    let server = ScriptedServer(["HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nfull"])
    var parser = EventStreamParser()
    let refusal = try client(server).follow("/v1/events", &parser) { _ in true }
    #expect(refusal?.status == 503)
    #expect(refusal.map { String(decoding: $0.body, as: UTF8.self) } == "full")
  }
}
