/// Asks a sidecar: one request to a connection, over TCP or a Unix socket. Blocks the calling thread.
package struct ControlClient: Sendable {
  private static let largestAnswer = 64 << 20
  private static let timeoutSeconds = 10
  /// A quiet stream says every 15 seconds that it lives.
  private static let streamTimeoutSeconds = 45

  package let address: ControlAddress
  package var token: String?

  package init(_ address: ControlAddress, token: String? = nil) {
    self.address = address
    self.token = token
  }

  /// - Parameters:
  ///   - path: with its query, percent-encoded.
  ///   - body: JSON.
  package func send(_ method: String, _ path: String, body: [UInt8] = []) throws(ControlError) -> HTTPAnswer {
    let connection = try ControlConnection(to: address, timeoutSeconds: Self.timeoutSeconds)
    var request = head(method, path) + "Connection: close\r\n"
    if !body.isEmpty || method != "GET" {
      request += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n"
    }
    try connection.send(Array((request + "\r\n").utf8) + body)
    var parser = AnswerParser()
    var answer: [UInt8] = []
    while !parser.isDone {
      let bytes = try connection.receive()
      if bytes.isEmpty { try parser.close() } else { try parser.receive(bytes) }
      answer += parser.takeBody()
      guard answer.count <= Self.largestAnswer else { throw .notHTTP }
    }
    guard var result = parser.head else { throw .notHTTP }
    result.body = answer
    return result
  }

  /// Follows server-sent events until the connection ends or `take` has enough.
  ///
  /// - Parameters:
  ///   - parser: what was seen so far; keeps what it needs to go on.
  ///   - take: whether to go on.
  /// - Returns: the answer when it is not a stream: a refusal.
  package func follow(
    _ path: String, _ parser: inout EventStreamParser, _ take: (EventStreamParser.Event) -> Bool
  ) throws(ControlError) -> HTTPAnswer? {
    let connection = try ControlConnection(to: address, timeoutSeconds: Self.streamTimeoutSeconds)
    var request = head("GET", path) + "Accept: text/event-stream\r\n"
    if !parser.lastID.isEmpty { request += "Last-Event-ID: \(parser.lastID)\r\n" }
    try connection.send(Array((request + "\r\n").utf8))
    var answer = AnswerParser()
    var refusal: [UInt8] = []
    while !answer.isDone {
      let bytes = try connection.receive()
      if bytes.isEmpty { try answer.close() } else { try answer.receive(bytes) }
      let body = answer.takeBody()
      if let head = answer.head, head.status != 200 {
        refusal += body
      } else {
        for event in parser.receive(body) where !take(event) { return nil }
      }
    }
    guard var head = answer.head, head.status != 200 else { return nil }
    head.body = refusal
    return head
  }

  private func head(_ method: String, _ path: String) -> String {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
    if let token { head += "Authorization: Bearer \(token)\r\n" }
    return head
  }
}
