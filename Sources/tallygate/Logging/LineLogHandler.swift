import BudgetCore
import Configuration
import JSONText
import LedgerAccess
import Logging

/// Writes each log message as one line of logfmt or JSON to standard error.
///
/// Values are quoted, so nothing that a sender wrote can start a line of its own or forge a field.
struct LineLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level
  private let label: String
  private let format: LogSettings.Format
  private let clock = SystemClock()

  init(label: String, level: Logger.Level, format: LogSettings.Format) {
    self.label = label
    self.format = format
    logLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields: [(String, String)] = [
      ("ts", clock.now().wall.rfc3339), ("level", event.level.rawValue), ("component", label),
      ("msg", event.message.description),
    ]
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    for (key, value) in all.sorted(by: { $0.key < $1.key }) { fields.append((key, value.description)) }
    StandardError.write(format == .json ? Self.json(fields) : Self.logfmt(fields))
  }

  private static func json(_ fields: [(String, String)]) -> String {
    var json = JSONWriter(reserving: 256)
    json.beginObject()
    for (key, value) in fields {
      json.key(named: key)
      json.string(value)
    }
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self) + "\n"
  }

  private static func logfmt(_ fields: [(String, String)]) -> String {
    fields.map { "\($0)=\(quoted($1))" }.joined(separator: " ") + "\n"
  }

  private static func quoted(_ value: String) -> String {
    let isPlain =
      !value.isEmpty
      && value.utf8.allSatisfy {
        $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\\")
      }
    return isPlain ? value : String(decoding: JSONValue.string(value).bytes(), as: UTF8.self)
  }
}
