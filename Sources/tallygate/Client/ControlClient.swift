import ControlServer
import Glibc

/// Asks a sidecar that runs on this host: one request to a connection, over loopback TCP or a Unix socket.
struct ControlClient {
  private static let largestAnswer = 64 << 20
  private static let timeoutSeconds = 10

  let address: HTTPListenAddress
  var token: String?

  /// The body of a 200.
  func get(_ path: String) throws(StartError) -> [UInt8] {
    let descriptor = try connected()
    defer { close(descriptor) }
    var request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    if let token { request += "Authorization: Bearer \(token)\r\n" }
    try send(Array((request + "\r\n").utf8), to: descriptor)
    let answer = try receive(from: descriptor)
    // The server frames by length and closes after one answer: what follows the head is the body.
    guard let end = Self.endOfHead(answer), answer.starts(with: "HTTP/1.1 ".utf8), end >= 12 else {
      throw StartError("\(address) does not answer like a sidecar. Name its control address with --control.address.")
    }
    let status = String(decoding: answer[9..<12], as: UTF8.self)
    let body = Array(answer[end...])
    guard status == "200" else {
      let remedy = status == "401" || status == "403" ? " Name a file with a token with --control.token-file." : ""
      throw StartError("\(address) answered \(status).\(remedy)")
    }
    return body
  }

  private static func endOfHead(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    let mark = Array("\r\n\r\n".utf8)
    return (0...(bytes.count - 4)).first { bytes[$0] == mark[0] && Array(bytes[$0..<($0 + 4)]) == mark }.map { $0 + 4 }
  }

  private func connected() throws(StartError) -> Int32 {
    let isUnix = if case .unix = address { true } else { false }
    let isSix = if case .tcp(let host, _) = address { host.contains(":") } else { false }
    let family = isUnix ? AF_UNIX : isSix ? AF_INET6 : AF_INET
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw failure("cannot be asked") }
    var timeout = timeval(tv_sec: Self.timeoutSeconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }
    guard connect(descriptor) == 0 else {
      let error = failure("cannot be reached")
      close(descriptor)
      throw error
    }
    return descriptor
  }

  private func connect(_ descriptor: Int32) -> Int32 {
    func go<Address>(_ address: Address) -> Int32 {
      withUnsafeBytes(of: address) {
        Glibc.connect(descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
      }
    }
    switch address {
    case .unix(let path):
      var socket = sockaddr_un()
      socket.sun_family = sa_family_t(AF_UNIX)
      // The address was checked when it was read: the path and its end fit.
      withUnsafeMutableBytes(of: &socket.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
      return go(socket)
    case .tcp(let host, let port) where host.contains(":"):
      var socket = sockaddr_in6()
      socket.sin6_family = sa_family_t(AF_INET6)
      socket.sin6_port = port.bigEndian
      inet_pton(AF_INET6, host, &socket.sin6_addr)
      return go(socket)
    case .tcp(let host, let port):
      var socket = sockaddr_in()
      socket.sin_family = sa_family_t(AF_INET)
      socket.sin_port = port.bigEndian
      inet_pton(AF_INET, host.isEmpty ? "127.0.0.1" : host, &socket.sin_addr)
      return go(socket)
    }
  }

  private func send(_ bytes: [UInt8], to descriptor: Int32) throws(StartError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("took no request") }
      sent += count
    }
  }

  private func receive(from descriptor: Int32) throws(StartError) -> [UInt8] {
    var answer: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while answer.count <= Self.largestAnswer {
      let count = recv(descriptor, &block, block.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("did not answer") }
      if count == 0 { return answer }
      answer += block[..<count]
    }
    throw StartError("\(address) answers with more than \(Self.largestAnswer) bytes.")
  }

  private func failure(_ what: String) -> StartError {
    StartError(
      "\(address) \(what): \(String(cString: strerror(errno))). Is a sidecar running there? "
        + "Start one with tallygate run, or name its control address with --control.address.")
  }
}
