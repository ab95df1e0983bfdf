/// Reads a configuration file: bytes in, one validated value or every error out.
package enum ConfigurationLoader {
  /// Reads and validates a file of at most 1 MiB. A pipe is read to its end.
  package static func load(
    file path: String, zones: ZoneDirectory = .system()
  ) throws(ConfigurationErrors) -> Configuration {
    let bytes: [UInt8]
    do throws(BoundedFile.Failure) {
      bytes = try BoundedFile.read(path, limit: YAMLDocument.mostBytes, regular: false)
    } catch {
      throw ConfigurationErrors(errors: [
        ConfigurationError(
          file: path, key: "", problem: "cannot be read: \(error.message)",
          remedy: "Name a readable YAML file with --config")
      ])
    }
    return try parse(bytes, file: path, zones: zones)
  }

  /// Validates the bytes of a file; `file` names it in errors, and its folder is where relative paths start.
  package static func parse(
    _ bytes: [UInt8], file: String, zones: ZoneDirectory = .system()
  ) throws(ConfigurationErrors) -> Configuration {
    let root: YAMLNode?
    do throws(YAMLError) {
      root = try YAMLDocument.parse(bytes)
    } catch {
      throw ConfigurationErrors(errors: [
        ConfigurationError(
          file: file, line: error.mark.line, column: error.mark.column, key: "", problem: error.problem,
          remedy: error.remedy)
      ])
    }
    guard let root else { return .default }
    var decoder = ConfigurationDecoder(file: file, zones: zones)
    let configuration = decoder.configuration(Field(node: root, path: ""))
    if let errors = decoder.collected { throw errors }
    return configuration
  }
}
