/// Reads a configuration file: bytes in, one validated value or every error out.
package enum ConfigurationLoader {
  /// Reads and validates a file of at most 1 MiB. A pipe is read to its end.
  package static func load(
    file path: String, zones: ZoneDirectory = .system()
  ) throws(ConfigurationErrors) -> Configuration {
    try parse(DocumentLoader.read(path, remedy: "Name a readable YAML file with --config"), file: path, zones: zones)
  }

  /// Validates the bytes of a file; `file` names it in errors, and its folder is where relative paths start.
  package static func parse(
    _ bytes: [UInt8], file: String, zones: ZoneDirectory = .system()
  ) throws(ConfigurationErrors) -> Configuration {
    try DocumentLoader.decode(bytes, file: file, zones: zones, empty: .default) { $0.configuration($1) }
  }
}
