/// Why a directory cannot hold the state.
package enum StateDirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Another process keeps its state there.
  case inUse(directory: String, process: Int32?)
  case file(FileError)

  package var description: String {
    switch self {
    case .inUse(let directory, let process):
      "the state directory \(directory) is in use by another sidecar\(process.map { " (process \($0))" } ?? ""): "
        + "give each its own --state.dir"
    case .file(let error): "the state directory cannot be used: \(error)"
    }
  }
}
