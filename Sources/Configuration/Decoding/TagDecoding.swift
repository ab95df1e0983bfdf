/// Names of tags and labels, alone and in lists.
extension ConfigurationDecoder {
  /// What a list of tags is for, which decides what they may be called.
  enum TagUse {
    /// Becomes a label of exported series under its own name.
    case label
    /// Becomes a label of an account, `.` and `-` written as `_`.
    case account
    /// Becomes the value of a label.
    case scope
    /// Only compared.
    case match
  }

  /// A list of distinct tags.
  mutating func tags(_ field: Field?, use: TagUse, atMost limit: Int, example: String) -> [String]? {
    guard let elements = sequence(field, atMost: limit, example: example) else { return nil }
    var names: [String] = []
    var labels: [String: String] = [:]
    for element in elements {
      guard let name = text(element, expected: "the name of a tag", example: example),
        isUsable(name, element.node.mark, element.path, use)
      else { continue }
      let label = use == .account ? TagGrammar.label(ofTag: name) : name
      if let other = labels[label] {
        fail(
          element,
          other == name
            ? "\(name.quotedForMessage) is given twice"
            : "\(name.quotedForMessage) and \(other.quotedForMessage) become the same label \(label)",
          "Remove one of them")
        continue
      }
      labels[label] = name
      names.append(name)
    }
    return names
  }

  /// Whether a name may be used so; otherwise an error is added.
  mutating func isUsable(_ name: String, _ mark: YAMLMark, _ path: String, _ use: TagUse) -> Bool {
    let quoted = name.quotedForMessage
    if TagGrammar.perLine.contains(name) {
      fail(mark, path, "\(quoted) differs on every usage line", "Use another tag, for example session")
    } else if name == "kind" {
      fail(mark, path, "\"kind\" is only the short form of token_type on usage lines", "Write token_type")
    } else if use == .label ? !TagGrammar.isLabel(name) : !TagGrammar.isTag(name) {
      fail(
        mark, path, "\(quoted) is not the name of a \(use == .label ? "label" : "tag")",
        use == .label
          ? "Use letters, digits and _ only, not starting with a digit or __"
          : "Use letters, digits, _, . and - only, starting with a letter or _")
    } else if use == .label || use == .account, TagGrammar.reservedLabels.contains(TagGrammar.label(ofTag: name)) {
      fail(mark, path, "\(quoted) is a label that the exporter sets itself", "Give the tag another name")
    } else if use == .account, TagGrammar.label(ofTag: name).hasPrefix("__") {
      fail(mark, path, "\(quoted) would become a label that Prometheus keeps for itself", "Do not start it with __")
    } else {
      return true
    }
    return false
  }
}
