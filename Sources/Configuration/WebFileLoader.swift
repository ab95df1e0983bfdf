/// Reads a `--web.config.file` or `--control.config.file`.
package enum WebFileLoader {
  package static func load(file path: String, for use: WebFileUse) throws(ConfigurationErrors) -> WebFile {
    try parse(DocumentLoader.read(path, remedy: "Name a readable YAML file"), file: path, for: use)
  }

  package static func parse(_ bytes: [UInt8], file: String, for use: WebFileUse) throws(ConfigurationErrors) -> WebFile
  {
    try DocumentLoader.decode(bytes, file: file, zones: .system(), empty: WebFile()) { $0.webFile($1, for: use) }
  }
}
