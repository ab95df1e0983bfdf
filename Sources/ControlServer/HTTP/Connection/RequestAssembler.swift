internal import NIOCore
internal import NIOHTTP1

/// Puts the parser's parts together to whole requests; pure, so that it can be held without a socket.
struct RequestAssembler {
  enum Event {
    case incomplete
    /// The client waits for "100 Continue" before it sends the body.
    case continueExpected
    case request(IncomingRequest)
    case refused(RequestRefusal)
  }

  private struct Partial {
    let head: HTTPRequestHead
    let target: RequestTarget
    let check: RequestHeadCheck
    var body: [UInt8] = []
  }

  private let limits: HTTPLimits
  private var partial: Partial?
  /// Who sends; set once the connection knows.
  var remoteAddress: String?
  var peer: PeerCredentials?

  init(limits: HTTPLimits) { self.limits = limits }

  /// True between the end of a header section and the end of its message.
  var isInBody: Bool { partial != nil }

  /// Bytes of the body that is arriving.
  var bodyBytes: Int { partial?.body.count ?? 0 }

  mutating func forget() { partial = nil }

  mutating func receive(_ part: HTTPServerRequestPart) -> Event {
    do throws(RequestRefusal) {
      switch part {
      case .head(let head): return try begin(head)
      case .body(let bytes): return try add(bytes)
      case .end: return complete()
      }
    } catch {
      partial = nil
      return .refused(error)
    }
  }

  private mutating func begin(_ head: HTTPRequestHead) throws(RequestRefusal) -> Event {
    let check = try RequestHeadCheck(head, limits: limits)
    let target: RequestTarget
    do throws(RequestTargetError) {
      target = try RequestTarget(head.uri, method: HTTPMethod(head.method.rawValue))
    } catch {
      throw RequestRefusal(.badRequest, error.explanation)
    }
    partial = Partial(head: head, target: target, check: check)
    if let length = check.declaredLength { partial?.body.reserveCapacity(min(length, 4 << 10)) }
    let hasBody = check.isChunked || check.declaredLength ?? 0 > 0
    return check.expectsContinue && hasBody ? .continueExpected : .incomplete
  }

  private mutating func add(_ bytes: ByteBuffer) throws(RequestRefusal) -> Event {
    guard let received = partial?.body.count else { return .incomplete }
    guard received + bytes.readableBytes <= limits.bodyBytes else { throw .bodyTooLarge(limits) }
    partial?.body.append(contentsOf: bytes.readableBytesView)
    return .incomplete
  }

  private mutating func complete() -> Event {
    guard let done = partial else { return .incomplete }
    partial = nil
    let now = ContinuousClock.now
    let request = HTTPRequest(
      method: HTTPMethod(done.head.method.rawValue), path: done.target.path, query: done.target.query,
      headers: HTTPHeaders(fields: done.head.headers), body: done.body, remoteAddress: remoteAddress, peer: peer,
      deadline: now + limits.responseTimeout)
    return .request(
      IncomingRequest(
        request: request, keepsAlive: done.head.isKeepAlive && !done.check.asksForUpgrade,
        isHTTP10: done.head.version == .http1_0, arrived: now))
  }
}
