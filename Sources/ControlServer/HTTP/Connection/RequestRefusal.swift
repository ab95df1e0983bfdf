internal import NIOHTTP1

/// A request refused before any route is looked for. The connection ends with the answer: after such an error
/// nobody can say where the next request would begin.
struct RequestRefusal: Error {
  let status: HTTPStatus
  let detail: String

  init(_ status: HTTPStatus, _ detail: String) {
    self.status = status
    self.detail = detail
  }

  /// What the parser's error means to the client.
  init(parserError error: any Error, requestLineBytes: Int, limits: HTTPLimits) {
    switch error as? HTTPParserError {
    case .headerOverflow: self = .headTooLarge(requestLineBytes: requestLineBytes, limits)
    case .invalidVersion: self.init(.badRequest, "This is not HTTP/1.0 or HTTP/1.1.")
    case .invalidMethod: self.init(.badRequest, "This is not a method of HTTP/1.1; TLS and HTTP/2 are not spoken here.")
    case .paused: self.init(.badRequest, "HTTP/2 is not spoken here.")
    case .invalidURL: self.init(.badRequest, "The request target is malformed.")
    case .invalidHeaderToken: self.init(.badRequest, "A header field is malformed.")
    case .invalidContentLength, .unexpectedContentLength:
      self.init(.badRequest, "The length of the body is malformed, given twice, or beside Transfer-Encoding.")
    case .invalidChunkSize: self.init(.badRequest, "A chunk has a malformed size.")
    case .invalidEOFState: self.init(.badRequest, "The request ended early.")
    default: self.init(.badRequest, "The request is malformed.")
    }
  }

  static func bodyTooLarge(_ limits: HTTPLimits) -> RequestRefusal {
    RequestRefusal(
      .contentTooLarge, "A body may have \(limits.bodyBytes) bytes. Send what is more in several requests.")
  }

  static func targetTooLong(_ limits: HTTPLimits) -> RequestRefusal {
    RequestRefusal(.uriTooLong, "A request target may have \(limits.targetBytes) bytes.")
  }

  static func headersTooLarge(_ limits: HTTPLimits) -> RequestRefusal {
    RequestRefusal(
      .headerFieldsTooLarge, "A request may have \(limits.headerFields) header fields of \(limits.headerBytes) bytes.")
  }

  /// Tells a long target from long headers by the request line, with room for its method and version.
  static func headTooLarge(requestLineBytes: Int, _ limits: HTTPLimits) -> RequestRefusal {
    requestLineBytes > limits.targetBytes + 16 ? .targetTooLong(limits) : .headersTooLarge(limits)
  }

  static let tooManyBodies = RequestRefusal(
    .serviceUnavailable, "The bodies that are arriving take all the room there is for them.")

  static let tooSlow = RequestRefusal(.requestTimeout, "The request did not arrive in time.")

  var response: HTTPResponse {
    Problem(status: status, detail: detail)
      .response(headers: status == .serviceUnavailable ? [("retry-after", "1")] : [])
  }
}
