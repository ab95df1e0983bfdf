import BudgetCore

/// Turns a YAML tree into settings and collects what is wrong with it.
///
/// A function for a value returns `nil` when the value is absent or wrong; if it is wrong, it has also added an
/// error, and then the whole configuration is refused.
struct ConfigurationDecoder {
  /// Errors kept of one file.
  static let mostErrors = 100

  let file: String
  let zones: ZoneDirectory
  /// Zones read so far, so that budgets of one zone share its rules.
  var knownZones: [String: TimeZoneRules] = [:]
  private var errors: [ConfigurationError] = []
  private var omitted = 0

  init(file: String, zones: ZoneDirectory) {
    self.file = file
    self.zones = zones
  }

  /// `nil` when nothing is wrong.
  var collected: ConfigurationErrors? {
    guard !errors.isEmpty else { return nil }
    let sorted = errors.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
    return ConfigurationErrors(errors: sorted, omitted: omitted)
  }

  mutating func fail(_ field: Field, _ problem: String, _ remedy: String) {
    fail(field.node.mark, field.path, problem, remedy)
  }

  /// The remedy is made only for an error that is kept: looking for the nearest name takes its time.
  mutating func fail(_ mark: YAMLMark, _ key: String, _ problem: String, _ remedy: @autoclosure () -> String) {
    guard errors.count < Self.mostErrors else {
      omitted += 1
      return
    }
    errors.append(
      ConfigurationError(
        file: file, line: mark.line, column: mark.column, key: key, problem: problem, remedy: remedy()))
  }

  /// A mapping with these keys and no others. Nothing written counts as an empty mapping.
  mutating func section(_ field: Field?, keys: [String]) -> Section? {
    guard let field, !field.node.isNull else { return nil }
    guard case .mapping(let entries) = field.node.content else {
      fail(field, "must be a mapping, got \(found(field.node))", "Write keys and values, one of \(list(keys))")
      return nil
    }
    for entry in entries where !keys.contains(entry.key) {
      fail(entry.mark, field.path(of: printable(entry.key)), "unknown key", Self.unknownKeyRemedy(entry.key, keys))
    }
    return Section(field: field, entries: entries)
  }

  private static func unknownKeyRemedy(_ key: String, _ keys: [String]) -> String {
    NearestName.find(key, among: keys).map { "Did you mean \($0)?" }
      ?? "Known keys here are \(keys.joined(separator: ", "))"
  }

  /// A sequence of at most `limit` values. Nothing written counts as an empty sequence.
  mutating func sequence(_ field: Field?, atMost limit: Int, example: String) -> [Field]? {
    guard let field else { return nil }
    if field.node.isNull { return [] }
    guard case .sequence(let elements) = field.node.content else {
      fail(field, "must be a list, got \(found(field.node))", "Write for example \(example)")
      return nil
    }
    guard elements.count <= limit else {
      fail(field, "has \(elements.count) entries, more than \(limit)", "Keep at most \(limit)")
      return nil
    }
    return elements.enumerated().map { Field(node: $1, path: "\(field.path)[\($0)]") }
  }

  /// What stands there, for a message.
  func found(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let text, _): node.isNull ? "nothing" : text.quotedForMessage
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  /// A key as part of a path: as it is when it is a plain word.
  func printable(_ key: String) -> String { TagGrammar.isTag(key) ? key : key.quotedForMessage }
}
