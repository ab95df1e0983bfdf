/// The answer to a request.
package struct HTTPAnswer: Hashable, Sendable {
  package var status: Int
  /// Names in small letters.
  package var headers: [Header]
  package var body: [UInt8]

  package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String
  }

  package init(status: Int, headers: [Header] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first one of this name, in small letters.
  package subscript(name: String) -> String? { headers.first { $0.name == name }?.value }
}
