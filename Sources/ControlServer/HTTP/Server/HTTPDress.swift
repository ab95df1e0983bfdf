/// What a listener puts around its answers.
package struct HTTPDress: Sendable {
  /// `nil`: clear text.
  package var tls: TLSSettings?
  /// Fields of every answer of a route, unless it has one of that name.
  package var headers: [(name: String, value: String)]

  package init(tls: TLSSettings? = nil, headers: [(name: String, value: String)] = []) {
    self.tls = tls
    self.headers = headers
  }
}
