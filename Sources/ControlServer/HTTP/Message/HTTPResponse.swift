/// What a handler answers.
///
/// The server owns the fields that frame a message (`Content-Length`, `Transfer-Encoding`, `Connection`) and
/// `Date`: a handler's own are ignored. Control characters in a value are sent as spaces.
package struct HTTPResponse: Sendable {
  package enum Body: Sendable {
    case bytes([UInt8])
    case pieces(BodyPieces)
    /// Called once on the event loop when the head has been written; the writer may go to any thread.
    /// The connection ends with the stream.
    case stream(@Sendable (HTTPStreamWriter) -> Void)

    /// In bytes; 0 for a stream, whose length nobody knows.
    var count: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .pieces(let pieces): pieces.count
      case .stream: 0
      }
    }
  }

  package var status: HTTPStatus
  package var headers: HTTPHeaders
  package var body: Body

  package init(status: HTTPStatus = .ok, headers: HTTPHeaders = HTTPHeaders(), body: Body = .bytes([])) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  package static func json(_ bytes: [UInt8], status: HTTPStatus = .ok) -> HTTPResponse {
    HTTPResponse(status: status, headers: HTTPHeaders([("content-type", "application/json")]), body: .bytes(bytes))
  }

  package static func text(_ text: String, status: HTTPStatus = .ok) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: HTTPHeaders([("content-type", "text/plain; charset=utf-8")]),
      body: .bytes(Array(text.utf8)))
  }

  package static func empty(_ status: HTTPStatus = .noContent) -> HTTPResponse { HTTPResponse(status: status) }
}
