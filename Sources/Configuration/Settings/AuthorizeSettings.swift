/// How gateways ask: which of their fields stand for a tag, and what they are answered.
package struct AuthorizeSettings: Hashable, Sendable {
  package struct HeaderTag: Hashable, Sendable {
    /// A field's name, in lower case.
    package var header: String
    package var tag: String
  }

  package var headers: [HeaderTag] = []
  /// 429 or 403.
  package var deniedStatus: UInt16 = 429
  /// Tags without which nobody gets through.
  package var required: [String] = []

  package init() {}
}
