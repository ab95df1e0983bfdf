/// A request method, as it stood on the request line.
package struct HTTPMethod: Hashable, Sendable, CustomStringConvertible {
  package let name: String

  package init(_ name: String) { self.name = name }

  package static let get = HTTPMethod("GET")
  package static let head = HTTPMethod("HEAD")
  package static let post = HTTPMethod("POST")
  package static let put = HTTPMethod("PUT")
  package static let patch = HTTPMethod("PATCH")
  package static let delete = HTTPMethod("DELETE")
  package static let options = HTTPMethod("OPTIONS")

  package var description: String { name }
}
