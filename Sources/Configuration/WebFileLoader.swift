/// Reads a `--web.config.file` or `--control.config.file`.
package enum WebFileLoader {
  package static func load(file path: String, for use: WebFileUse) throws(ConfigurationErrors) -> WebFile {
    let bytes: [UInt8]
    do throws(BoundedFile.Failure) {
      bytes = try BoundedFile.read(path, limit: YAMLDocument.mostBytes, regular: false)
    } catch {
      throw ConfigurationErrors(errors: [
        ConfigurationError(
          file: path, key: "", problem: "cannot be read: \(error.message)", remedy: "Name a readable YAML file")
      ])
    }
    return try parse(bytes, file: path, for: use)
  }

  package static func parse(_ bytes: [UInt8], file: String, for use: WebFileUse) throws(ConfigurationErrors) -> WebFile
  {
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
    guard let root else { return WebFile() }
    var decoder = ConfigurationDecoder(file: file, zones: ZoneDirectory.system())
    let result = decoder.webFile(Field(node: root, path: ""), for: use)
    if let errors = decoder.collected { throw errors }
    return result
  }
}
