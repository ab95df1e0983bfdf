internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// What the connections of one listener share. It lives on the listener's event loop and never leaves it.
final class HTTPListener {
  /// Bytes of one read from a socket, at most.
  static let readBytes = 16 << 10

  let router: Router
  let commits: CommitTurn
  let limits: HTTPLimits
  let counters: HTTPCounters
  let offLoop: OffLoopPool?
  let isUnixSocket: Bool
  /// Where connections that are in use go on; `nil` where they stay.
  let regulars: RegularConnections?
  private let certificates: TLSCertificates?
  private let security: ListenerSecurity
  private let logger: Logger
  private var serializer = ResponseSerializer()
  private var table = ConnectionTable()
  /// Of bodies that have begun to arrive, over all connections.
  private var bodyBytes = 0
  private var drained: EventLoopPromise<Void>?

  init(
    router: Router, limits: HTTPLimits, counters: HTTPCounters, offLoop: OffLoopPool?, isUnixSocket: Bool,
    security: ListenerSecurity, certificates: TLSCertificates?, logger: Logger, regulars: RegularConnections? = nil
  ) {
    // What TLS knows of a connection cannot leave its loop.
    self.regulars = certificates == nil ? regulars : nil
    self.certificates = certificates
    self.security = security
    self.router = router
    commits = CommitTurn(commitment: router.commitment, limit: limits.commitWait)
    self.limits = limits
    self.counters = counters
    self.offLoop = offLoop
    self.isUnixSocket = isUnixSocket
    self.logger = logger
  }

  /// Builds the pipeline of a connection: meter, parser, connection.
  /// - Parameter passenger: what is known of a connection that comes from another loop; `nil` for a new one.
  func accept(_ channel: any Channel, _ passenger: RegularConnections.Passenger? = nil) throws {
    guard passenger == nil || (drained == nil && makeRoom()) else {
      lost()
      return channel.close(promise: nil)
    }
    guard passenger != nil || (drained == nil && makeRoom()) else {
      counters.countConnectionRefused()
      logger.debug("connection refused", metadata: ["open": "\(table.count)"])
      if certificates != nil {
        // Without a handshake there is nothing that the peer could read.
        channel.close(promise: nil)
      } else {
        try channel.pipeline.syncOperations.addHandler(ConnectionRefusal())
      }
      return
    }
    if let certificates { try channel.pipeline.syncOperations.addHandler(certificates.makeHandler()) }
    var parserLimits = NIOHTTPDecoderLimitConfiguration()
    // The parser counts the target as a field; which limit was passed is told afterwards.
    parserLimits.maxHeaderFieldSize = max(limits.headerBytes, limits.targetBytes)
    parserLimits.maxHeaderListSize = limits.headerBytes + limits.targetBytes
    parserLimits.maxHeaderFieldCount = limits.headerFields
    let connection = HTTPConnectionHandler(listener: self, passenger)
    try channel.pipeline.syncOperations.addHandlers([
      InboundMeter(connection: connection, limits: limits),
      ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: parserLimits)),
      connection,
    ])
  }

  /// Whether one more connection may be there, after the idlest has given way if need be.
  private func makeRoom() -> Bool {
    guard table.count + (regulars?.count ?? 0) >= limits.connections else { return true }
    guard let idlest = table.takeIdlest() else { return false }
    counters.countConnectionEvicted()
    idlest.cut()
    return true
  }

  func opened(_ connection: HTTPConnectionHandler) {
    table.insert(connection)
    if !connection.isPassenger { counters.countConnectionOpened() }
  }

  /// A connection from another loop that did not arrive.
  func lost() { counters.countConnectionClosed() }

  func closed(_ connection: HTTPConnectionHandler) {
    table.remove(connection)
    if !connection.hasMovedOn { counters.countConnectionClosed() }
    if table.count == 0 { drained?.succeed() }
  }

  /// Counts what a connection keeps of a body that is arriving; false when that is too much. Where all of them together
  /// fill their room, each has an equal share still: large bodies keep no small one out.
  func keepsBody(of bytes: Int, before: Int) -> Bool {
    bodyBytes += bytes - before
    return bodyBytes <= limits.bodiesBytes || bytes <= limits.bodiesBytes / limits.connections
  }

  /// Ends every connection as soon as it has nothing running; the future succeeds when all are closed.
  func drain(on loop: any EventLoop) -> EventLoopFuture<Void> {
    if let drained { return drained.futureResult }
    let promise = loop.makePromise(of: Void.self)
    drained = promise
    if table.count == 0 { promise.succeed() }
    for connection in table.connections { connection.drain() }
    return promise.futureResult
  }

  /// Closes what is still open.
  func cutAll() {
    for connection in table.connections { connection.cut() }
  }

  func noteRefusal(_ refusal: RequestRefusal, from address: String?, bytes: Int) {
    counters.countRefusal(refusal.status, bytes: bytes)
    logger.debug(
      "request refused",
      metadata: ["status": "\(refusal.status.code)", "detail": "\(refusal.detail)", "peer": "\(address ?? "local")"])
  }

  func serialize(_ response: HTTPResponse, isHead: Bool, isHTTP10: Bool, closes: Bool) -> ByteBuffer {
    var response = response
    for (name, value) in security.current.headers where !response.headers.contains(name) {
      response.headers.add(name, value)
    }
    var size = 256
    if case .bytes(let body) = response.body { size += body.count }
    var buffer = ByteBufferAllocator().buffer(capacity: size)
    serializer.write(response, to: &buffer, isHead: isHead, isHTTP10: isHTTP10, closes: closes)
    return buffer
  }

  /// The peer's IP address; one that reached an IPv6 socket by IPv4 is written as IPv4.
  static func describe(_ address: SocketAddress?) -> String? {
    guard let text = address?.ipAddress else { return nil }
    let mapped = "::ffff:"
    return text.hasPrefix(mapped) && text.utf8.contains(UInt8(ascii: ".")) ? String(text.dropFirst(mapped.count)) : text
  }

  static func peerCredentials(of channel: any Channel) -> EventLoopFuture<PeerCredentials?> {
    /// The kernel's `struct ucred`.
    struct Credentials: Sendable {
      var processID: Int32 = 0
      var userID: UInt32 = 0
      var groupID: UInt32 = 0
    }
    guard let socket = channel as? any SocketOptionProvider else { return channel.eventLoop.makeSucceededFuture(nil) }
    let answer: EventLoopFuture<Credentials> = socket.unsafeGetSocketOption(
      level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    return answer.map { PeerCredentials(processID: $0.processID, userID: $0.userID, groupID: $0.groupID) }
  }
}
