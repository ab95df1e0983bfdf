internal import NIOHTTP1

/// Header fields in the order they came; names compare without regard to case.
///
/// A lookup is linear in the number of fields, which the limits bound.
package struct HTTPHeaders: Sendable {
  var fields: NIOHTTP1.HTTPHeaders

  init(fields: NIOHTTP1.HTTPHeaders) { self.fields = fields }

  package init(_ fields: [(String, String)] = []) { self.fields = NIOHTTP1.HTTPHeaders(fields) }

  /// The first field of that name; setting it replaces every field of that name.
  package subscript(name: String) -> String? {
    get { fields.first(name: name) }
    set {
      guard let newValue else { return fields.remove(name: name) }
      fields.replaceOrAdd(name: name, value: newValue)
    }
  }

  /// Every field of that name, in order.
  package func all(_ name: String) -> [String] { fields[name] }

  package func contains(_ name: String) -> Bool { fields.contains(name: name) }

  /// Adds a field and keeps those of the same name.
  package mutating func add(_ name: String, _ value: String) { fields.add(name: name, value: value) }

  package var count: Int { fields.count }
}
