import BudgetCore

/// Single values: text, numbers, durations, choices.
extension ConfigurationDecoder {
  /// Any scalar that is not null. `expected` completes "must be …".
  mutating func text(_ field: Field?, expected: String, example: String) -> String? {
    guard let field else { return nil }
    if !field.node.isNull, case .scalar(let text, _) = field.node.content { return text }
    return wrong(field, expected, example)
  }

  mutating func whole(_ field: Field?, in range: ClosedRange<Int64>, example: String) -> Int64? {
    let expected =
      range.upperBound == .max
      ? "a whole number >= \(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let field, let text = text(field, expected: expected, example: example) else { return nil }
    if let value = NumberText.whole(text), range.contains(value) { return value }
    return wrong(field, expected, example)
  }

  mutating func ratio(_ field: Field?) -> Ratio? {
    let expected = "a number from 0 to 1 with at most 6 decimals"
    guard let field, let text = text(field, expected: expected, example: "0.8") else { return nil }
    if let value = NumberText.decimal(text, decimals: 6), value <= 1_000_000 {
      return Ratio(millionths: Int64(value))
    }
    return wrong(field, expected, "0.8")
  }

  mutating func duration(_ field: Field?, in range: ClosedRange<Interval>, example: String) -> Interval? {
    let expected =
      "a duration from \(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))"
    guard let field, let text = text(field, expected: expected, example: example) else { return nil }
    if let value = DurationText.parse(text), range.contains(value) { return value }
    return wrong(field, expected, NumberText.whole(text).map { "\($0)s, \($0)m or \($0)h" } ?? example)
  }

  /// One of the names of an enumeration.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ field: Field?, of type: Choice.Type = Choice.self
  ) -> Choice? {
    choice(field, among: Choice.allCases.map(\.rawValue)).flatMap { Choice(rawValue: $0) }
  }

  mutating func choice(_ field: Field?, among names: [String]) -> String? {
    guard let field, let text = text(field, expected: "one of \(list(names))", example: names[0]) else { return nil }
    if names.contains(text) { return text }
    return wrong(field, "one of \(list(names))", NearestName.find(text, among: names) ?? names[0])
  }

  mutating func listenAddress(_ field: Field?, example: String) -> ListenAddress? {
    let expected = "an IP address and a port, or \"\" for off"
    guard let field, let text = text(field, expected: expected, example: example) else { return nil }
    return ListenAddress(text) ?? wrong(field, expected, example)
  }

  /// A path; a relative one starts at the folder of the configuration file.
  mutating func path(_ field: Field?, example: String, atMost limit: Int = 4096) -> String? {
    let expected = "a path of 1 to \(limit) bytes"
    guard let field, let text = text(field, expected: expected, example: example) else { return nil }
    var path = text
    if !text.hasPrefix("/"), let slash = file.lastIndex(of: "/") { path = file[...slash] + text }
    guard !text.isEmpty, path.utf8.count <= limit, !text.utf8.contains(0) else {
      return wrong(field, expected, example)
    }
    return path
  }

  /// Adds the error of a value that is not what was expected.
  mutating func wrong<Value>(_ field: Field, _ expected: String, _ example: String) -> Value? {
    fail(field, "must be \(expected), got \(found(field.node))", "Write for example \(example)")
    return nil
  }
}
