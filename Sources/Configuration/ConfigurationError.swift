/// One thing that is wrong with a configuration file.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  package var file: String
  /// Counted from 1; `nil` when the file as a whole is meant.
  package var line: Int?
  /// Counted from 1, in characters.
  package var column: Int?
  /// The dotted path, for example `budgets[2].window.rolling`; empty for the file as a whole.
  package var key: String
  /// What is wrong, with what was found.
  package var problem: String
  /// What would be right.
  package var remedy: String

  /// `config.yaml:12:5: budgets[2].limit.tokens: must be a whole number, got "-5". Write for example 500_000.`
  package var description: String {
    var place = file
    if let line { place += ":\(line)" }
    if line != nil, let column { place += ":\(column)" }
    let end = remedy.hasSuffix("?") ? "" : "."
    return place + ": " + (key.isEmpty ? "" : key + ": ") + problem + ". " + remedy + end
  }
}

/// Everything that is wrong with a configuration file, in the order of its lines.
package struct ConfigurationErrors: Error, Hashable, Sendable, CustomStringConvertible {
  /// At least one, at most `ConfigurationDecoder.mostErrors`.
  package var errors: [ConfigurationError]
  /// How many more there were.
  package var omitted = 0

  /// One line for each error.
  package var description: String {
    var lines = errors.map(\.description)
    if omitted > 0 { lines.append("and \(omitted) more") }
    return lines.joined(separator: "\n")
  }
}
