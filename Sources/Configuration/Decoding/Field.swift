/// A value of the file and the path that leads to it.
struct Field {
  var node: YAMLNode
  /// For example `budgets[2].window`.
  var path: String

  func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

/// A mapping of the file whose keys are known.
struct Section {
  var field: Field
  var entries: [YAMLNode.Entry]

  /// The value of a key, `nil` when the key is absent.
  subscript(key: String) -> Field? {
    guard let entry = entries.first(where: { $0.key == key }) else { return nil }
    return Field(node: entry.value, path: field.path(of: key))
  }
}
