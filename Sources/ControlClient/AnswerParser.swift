/// Reads one answer of HTTP/1.1 (RFC 9112), in whatever pieces it comes.
///
/// The body is framed by its length, in chunks, or by the end of the connection. Extensions of chunks and trailers are
/// read and dropped. Heads and lines have bounds; a body has the one that its reader sets.
package struct AnswerParser: Sendable {
  private static let longestHead = 64 << 10
  private static let longestLine = 4 << 10

  private enum Place {
    case head
    case length(Int)
    case chunkSize
    case chunk(Int)
    case chunkEnd
    case trailer
    case untilClose
    case done
  }

  /// Status and headers, once they are there.
  package private(set) var head: HTTPAnswer?
  private var place = Place.head
  private var waiting: [UInt8] = []
  private var body: [UInt8] = []

  package init() {}

  package var isDone: Bool {
    if case .done = place { true } else { false }
  }

  /// The bytes of the body that came since the last call.
  package mutating func takeBody() -> [UInt8] {
    defer { body = [] }
    return body
  }

  /// Takes what came. What follows the answer's end is dropped.
  package mutating func receive(_ bytes: some Sequence<UInt8>) throws(ControlError) {
    waiting += bytes
    while try step() {}
    if isDone { waiting = [] }
  }

  /// Takes the end of the connection.
  package mutating func close() throws(ControlError) {
    if case .untilClose = place { place = .done }
    guard isDone else { throw .cutOff }
  }

  /// Whether there may be more to do.
  private mutating func step() throws(ControlError) -> Bool {
    switch place {
    case .done: return false
    case .head: return try readHead()
    case .length(let count), .chunk(let count):
      let taken = min(count, waiting.count)
      body += waiting.prefix(taken)
      waiting.removeFirst(taken)
      guard taken == count else {
        if case .length = place { place = .length(count - taken) } else { place = .chunk(count - taken) }
        return false
      }
      if case .length = place { place = .done } else { place = .chunkEnd }
      return true
    case .chunkEnd:
      guard let line = try takeLine() else { return false }
      guard line.isEmpty else { throw .notHTTP }
      place = .chunkSize
      return true
    case .chunkSize:
      guard let line = try takeLine() else { return false }
      let digits = line.prefix { $0 != UInt8(ascii: ";") }
      guard (1...8).contains(digits.count), let size = Int(String(decoding: digits, as: UTF8.self), radix: 16),
        size >= 0
      else { throw .notHTTP }
      place = size == 0 ? .trailer : .chunk(size)
      return true
    case .trailer:
      guard let line = try takeLine() else { return false }
      if line.isEmpty { place = .done }
      return true
    case .untilClose:
      body += waiting
      waiting = []
      return false
    }
  }

  private mutating func takeLine() throws(ControlError) -> [UInt8]? {
    guard let end = waiting.firstIndex(of: UInt8(ascii: "\n")) else {
      guard waiting.count <= Self.longestLine else { throw .notHTTP }
      return nil
    }
    var line = Array(waiting[..<end])
    waiting.removeFirst(end + 1)
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    return line
  }

  private mutating func readHead() throws(ControlError) -> Bool {
    // What does not begin so is no answer, however long one waits for its end.
    let mark = Array("HTTP/1.".utf8)
    guard waiting.prefix(mark.count).elementsEqual(mark.prefix(waiting.count)) else { throw .notHTTP }
    guard let end = Self.endOfHead(waiting) else {
      guard waiting.count <= Self.longestHead else { throw .notHTTP }
      return false
    }
    let lines = String(decoding: waiting[..<end], as: UTF8.self).split(separator: "\r\n")
    waiting.removeFirst(end)
    let statusLine = (lines.first ?? "").split(separator: " ", maxSplits: 2)
    guard statusLine.count >= 2, statusLine[1].utf8.count == 3, let status = Int(statusLine[1]), status >= 100 else {
      throw .notHTTP
    }
    // An interim answer: the real one follows.
    if status < 200 { return true }
    var answer = HTTPAnswer(status: status)
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { throw .notHTTP }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      answer.headers.append(HTTPAnswer.Header(name: line[..<colon].lowercased(), value: String(value)))
    }
    place = try Self.framing(of: answer)
    head = answer
    return true
  }

  private static func framing(of answer: HTTPAnswer) throws(ControlError) -> Place {
    if answer.status == 204 || answer.status == 304 { return .done }
    if let coding = answer["transfer-encoding"] {
      guard coding.lowercased() == "chunked" else { throw .notHTTP }
      return .chunkSize
    }
    guard let text = answer["content-length"] else { return .untilClose }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(text) else { throw .notHTTP }
    return length == 0 ? .done : .length(length)
  }

  /// Behind the empty line. Lines end in CR LF: what ends otherwise is not from a sidecar.
  private static func endOfHead(_ bytes: [UInt8]) -> Int? {
    let mark = Array("\r\n\r\n".utf8)
    guard bytes.count >= mark.count else { return nil }
    for index in 0...(bytes.count - mark.count) where bytes[index] == mark[0] {
      if bytes[index..<(index + mark.count)].elementsEqual(mark) { return index + mark.count }
    }
    return nil
  }
}
