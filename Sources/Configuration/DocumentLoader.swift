/// Reads a YAML document from a file and makes one validated value of it, or every error.
enum DocumentLoader {
  /// At most 1 MiB. A pipe is read to its end.
  /// - Parameter remedy: what to do when the file cannot be read.
  static func read(_ path: String, remedy: String) throws(ConfigurationErrors) -> [UInt8] {
    do throws(BoundedFile.Failure) {
      return try BoundedFile.read(path, limit: YAMLDocument.mostBytes, regular: false)
    } catch {
      throw ConfigurationErrors(errors: [
        ConfigurationError(file: path, key: "", problem: "cannot be read: \(error.message)", remedy: remedy)
      ])
    }
  }

  /// - Parameters:
  ///   - file: names it in errors, and its folder is where relative paths start.
  ///   - empty: what a document without anything in it says.
  static func decode<Value>(
    _ bytes: [UInt8], file: String, zones: ZoneDirectory, empty: Value,
    _ decode: (inout ConfigurationDecoder, Field) -> Value
  ) throws(ConfigurationErrors) -> Value {
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
    guard let root else { return empty }
    var decoder = ConfigurationDecoder(file: file, zones: zones)
    let value = decode(&decoder, Field(node: root, path: ""))
    if let errors = decoder.collected { throw errors }
    return value
  }
}
