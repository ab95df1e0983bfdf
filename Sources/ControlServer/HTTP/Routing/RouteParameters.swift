/// The values that the `{name}` parts of a route's pattern matched, decoded.
package struct RouteParameters: Sendable {
  private var values: [(name: String, value: String)]

  package init(_ values: KeyValuePairs<String, String> = [:]) {
    self.values = values.map { (name: $0.key, value: $0.value) }
  }

  package subscript(name: String) -> String? { values.first { $0.name == name }?.value }

  mutating func append(_ name: String, _ value: String) { values.append((name: name, value: value)) }
}
