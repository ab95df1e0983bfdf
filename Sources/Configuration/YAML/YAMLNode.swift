/// A value of a YAML document and where it stands.
package struct YAMLNode: Hashable, Sendable {
  package indirect enum Content: Hashable, Sendable {
    /// `plain`: written without quotes, so that `null` and `~` may mean nothing.
    case scalar(text: String, plain: Bool)
    case sequence([YAMLNode])
    /// In the order of the document; keys are distinct.
    case mapping([Entry])
  }

  package struct Entry: Hashable, Sendable {
    package var key: String
    package var mark: YAMLMark
    package var value: YAMLNode
  }

  package var content: Content
  package var mark: YAMLMark

  /// Whether nothing stands here: an empty value, `~` or `null`.
  package var isNull: Bool {
    guard case .scalar(let text, plain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }
}

/// A place in a document: line and column, both counted from 1, columns in characters.
package struct YAMLMark: Hashable, Sendable {
  package var line: Int
  package var column: Int

  package static let start = YAMLMark(line: 1, column: 1)

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
