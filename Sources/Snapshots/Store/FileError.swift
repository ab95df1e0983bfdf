import Glibc

/// A file operation that the system refused.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried, as a verb: `write`, `rename`.
  package let operation: String
  package let path: String
  /// The system's `errno`.
  package let code: Int32

  package init(operation: String, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// The process is short of something; the file itself may be well.
  var isShortage: Bool { code == EMFILE || code == ENFILE || code == ENOMEM }

  package var description: String { "cannot \(operation) \(path): \(String(cString: strerror(code)))" }
}
