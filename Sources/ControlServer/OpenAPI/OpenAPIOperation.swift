/// What the document says of one route, beside what the route says of itself.
struct OpenAPIOperation: Sendable {
  /// What a request's body is.
  enum Body: Sendable {
    case none
    case optional(String)
    case required(String)
    /// JSON, or usage lines as `text/plain`.
    case usage
  }

  /// What an answer's body is.
  enum Content: Sendable {
    case none
    case json(String)
    case text
    case events
  }

  let summary: String
  var query: [String] = []
  var body = Body.none
  var success: [(status: UInt16, content: Content)]
  /// Statuses of problems that this verb has of its own.
  var problems: [UInt16] = []

  /// Problems that any verb may answer with: what the server and the role refuse.
  static let commonProblems: [UInt16] = [400, 408, 413, 414, 415, 431, 503]
}
