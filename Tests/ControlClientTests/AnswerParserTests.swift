import ControlClient
import Testing

@Suite("Reading an answer")
struct AnswerParserTests {
  /// The answer, given whole and byte by byte: both ways must agree.
  private func read(_ text: String, closes: Bool = false) throws -> (status: Int?, body: String, isDone: Bool) {
    var whole = AnswerParser()
    try whole.receive(text.utf8)
    if closes { try whole.close() }
    let body = whole.takeBody()
    var pieces = AnswerParser()
    var collected: [UInt8] = []
    for byte in text.utf8 {
      try pieces.receive([byte])
      collected += pieces.takeBody()
    }
    if closes { try pieces.close() }
    #expect(collected == body)
    #expect(pieces.isDone == whole.isDone)
    return (whole.head?.status, String(decoding: body, as: UTF8.self), whole.isDone)
  }

  @Test(
    "a body is framed by its length, in chunks, or by the connection's end",
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, "hello"),
      ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", false, ""),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", false, "hello"),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=1\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: t\r\n\r\n",
        false,
        "hello"
      ),
      ("HTTP/1.0 200 OK\r\n\r\nhello", true, "hello"),
      ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhellomore", false, "hello"),
    ])
  func framing(text: String, closes: Bool, body: String) throws {
    let answer = try read(text, closes: closes)
    #expect(answer.status == 200)
    #expect(answer.body == body)
    #expect(answer.isDone)
  }

  @Test("headers are found whatever their case; 204 has no body")
  func headers() throws {
    var parser = AnswerParser()
    try parser.receive("HTTP/1.1 204 No Content\r\nRetry-After:  7\r\nX-A: b:c\r\n\r\n".utf8)
    #expect(parser.isDone)
    #expect(parser.head?["retry-after"] == "7")
    #expect(parser.head?["x-a"] == "b:c")
  }

  @Test(
    "what is no answer is refused",
    arguments: [
      "SSH-2.0-OpenSSH\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    ])
  func refusals(text: String) {
    #expect(throws: ControlError.notHTTP) { _ = try read(text) }
  }

  @Test("heads and lines have bounds")
  func bounds() {
    let long = String(repeating: "x", count: 70 << 10)
    #expect(throws: ControlError.notHTTP) {
      var parser = AnswerParser()
      try parser.receive("HTTP/1.1 200 OK\r\nA: \(long)".utf8)
    }
    #expect(throws: ControlError.notHTTP) {
      var parser = AnswerParser()
      try parser.receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;\(long)".utf8)
    }
  }

  @Test(
    "an answer that ends too early is cut off",
    arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"])
  func cutOff(text: String) {
    #expect(throws: ControlError.cutOff) { _ = try read(text, closes: true) }
  }
}
