/// How `/v1/authorize` reads the requests of gateways.
package struct AuthorizeRules: Sendable {
  /// Fields that stand for a tag, beside `X-Tallygate-Agent`, `X-Tallygate-User` and so on.
  package struct HeaderTag: Hashable, Sendable {
    package var header: String
    package var tag: String

    package init(header: String, tag: String) {
      self.header = header
      self.tag = tag
    }
  }

  package var headers: [HeaderTag]
  /// The status of what no budget can grant: 429, or 403 for a gateway that understands nothing else.
  package var deniedStatus: HTTPStatus
  /// Tags without which nobody gets through.
  package var required: [String]

  package init(headers: [HeaderTag] = [], deniedStatus: HTTPStatus = .tooManyRequests, required: [String] = []) {
    self.headers = headers
    self.deniedStatus = deniedStatus
    self.required = required
  }
}
