internal import NIOCore

/// Writes responses as bytes. Everything that leaves in a header section passes here.
struct ResponseSerializer {
  private var date = HTTPDate()

  /// Appends the whole response of a `.bytes` body, or the head of pieces or of a stream.
  mutating func write(
    _ response: HTTPResponse, to buffer: inout ByteBuffer, isHead: Bool, isHTTP10: Bool, closes: Bool
  ) {
    buffer.writeStaticString("HTTP/1.1 ")
    buffer.writeString(String(response.status.code))
    buffer.writeStaticString(" ")
    buffer.writeString(response.status.reason)
    buffer.writeStaticString("\r\ndate: ")
    buffer.writeBytes(date.current())
    buffer.writeStaticString("\r\n")
    for (name, value) in response.headers.fields where !Self.isOwnedByServer(name) {
      Self.write(name, value, to: &buffer)
    }
    if closes {
      buffer.writeStaticString("connection: close\r\n")
    } else if isHTTP10 {
      buffer.writeStaticString("connection: keep-alive\r\n")
    }
    switch response.body {
    case .bytes, .pieces:
      guard response.status.allowsBody else {
        buffer.writeStaticString("\r\n")
        return
      }
      buffer.writeStaticString("content-length: ")
      buffer.writeString(String(response.body.count))
      buffer.writeStaticString("\r\n\r\n")
      if case .bytes(let body) = response.body, !isHead { buffer.writeBytes(body) }
    case .stream:
      buffer.writeStaticString(isHTTP10 ? "\r\n" : "transfer-encoding: chunked\r\n\r\n")
    }
  }

  private static func isOwnedByServer(_ name: String) -> Bool {
    switch name.utf8.count {
    case 4: name.lowercased() == "date"
    case 10: name.lowercased() == "connection"
    case 14: name.lowercased() == "content-length"
    case 17: name.lowercased() == "transfer-encoding"
    default: false
    }
  }

  /// Writes one field. A name that is no token is left out; a control character in a value becomes a space, so
  /// that no value can begin a new line.
  private static func write(_ name: String, _ value: String, to buffer: inout ByteBuffer) {
    guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else { return }
    buffer.writeString(name)
    buffer.writeStaticString(": ")
    if value.utf8.contains(where: isControl) {
      buffer.writeBytes(value.utf8.map { isControl($0) ? UInt8(ascii: " ") : $0 })
    } else {
      buffer.writeString(value)
    }
    buffer.writeStaticString("\r\n")
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x09 || byte == 0x7F }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
