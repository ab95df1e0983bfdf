import Glibc

/// A blocking socket for tests: it says exactly the bytes it is given.
final class RawConnection {
  struct SocketError: Error { let step: String }

  /// A response as it came over the wire.
  struct Response {
    var head: String
    var body: [UInt8]

    var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? {
      for line in head.split(separator: "\r\n").dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts.first?.lowercased() == name.lowercased(), let value = parts.last {
          return String(value.drop { $0 == " " })
        }
      }
      return nil
    }
  }

  private let descriptor: Int32
  private var buffer: [UInt8] = []

  /// Whether the other end has all that was sent, read or not: with much else going on, the loopback takes its time.
  var isDelivered: Bool {
    var unacknowledged: Int32 = 0
    return ioctl(descriptor, UInt(TIOCOUTQ), &unacknowledged) == 0 && unacknowledged == 0
  }

  /// Connects to a port of the loopback interface; every read waits for at most `timeout` seconds.
  init(port: UInt16, timeout: Int = 5, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    try open(&address, size: MemoryLayout<sockaddr_in>.size, timeout: timeout)
  }

  init(path: String, timeout: Int = 5) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    try open(&address, size: MemoryLayout<sockaddr_un>.size, timeout: timeout)
  }

  deinit { close(descriptor) }

  private func open<Address>(_ address: inout Address, size: Int, timeout: Int) throws {
    var limit = timeval(tv_sec: timeout, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(size)) }
    }
    guard result == 0 else { throw SocketError(step: "connect") }
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw SocketError(step: "send") }
      sent += count
    }
  }

  /// Says that nothing more will be sent, and goes on reading.
  func closeSendingSide() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Ends the connection with a reset.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  /// Reads more into the buffer; false at the end of the stream.
  private func fill() throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw SocketError(step: errno == ECONNRESET ? "reset" : "receive") }
    buffer += chunk[..<count]
    return count > 0
  }

  /// Reads one response with a Content-Length; `bodyless` after HEAD.
  func response(bodyless: Bool = false) throws -> Response {
    let mark = Array("\r\n\r\n".utf8)
    var end = buffer.firstRange(of: mark)
    while end == nil {
      guard try fill() else { throw SocketError(step: "end of stream before a response") }
      end = buffer.firstRange(of: mark)
    }
    guard let end else { throw SocketError(step: "no head") }
    var response = Response(head: String(decoding: buffer[..<end.lowerBound], as: UTF8.self), body: [])
    buffer.removeSubrange(..<end.upperBound)
    let length = bodyless ? 0 : Int(response.header("content-length") ?? "0") ?? 0
    while buffer.count < length {
      guard try fill() else { throw SocketError(step: "end of stream within a body") }
    }
    response.body = Array(buffer[..<length])
    buffer.removeSubrange(..<length)
    return response
  }

  /// Reads to the end of the stream.
  func rest() throws -> String {
    while try fill() {}
    defer { buffer = [] }
    return String(decoding: buffer, as: UTF8.self)
  }

  /// Reads until these pieces have come, one behind the other, and returns everything up to there.
  func text(until pieces: String...) throws -> String {
    var start = 0
    for piece in pieces {
      let wanted = Array(piece.utf8)
      var found = buffer[start...].firstRange(of: wanted)
      while found == nil {
        guard try fill() else { throw SocketError(step: "end of stream before \(piece)") }
        found = buffer[start...].firstRange(of: wanted)
      }
      start = found?.upperBound ?? start
    }
    defer { buffer.removeSubrange(..<start) }
    return String(decoding: buffer[..<start], as: UTF8.self)
  }

  /// True when the peer has closed, properly or not, and had nothing more to say.
  func isClosedByPeer() -> Bool {
    do { return try rest().isEmpty } catch { return (error as? SocketError)?.step == "reset" }
  }

  func exchange(_ text: String) throws -> Response {
    try send(text)
    return try response()
  }
}
