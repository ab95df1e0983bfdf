/// Something about the files of the state that a person should hear of.
package enum StateNotice: Hashable, Sendable, CustomStringConvertible {
  /// A snapshot that cannot be used was renamed; `kept` counts all that were so far. None is ever deleted.
  case setAside(path: String, Problem, as: String, kept: Int)
  /// A snapshot that cannot be used stays where it is.
  case notSetAside(path: String, Problem, FileError)

  package enum Problem: Hashable, Sendable {
    case content(SnapshotError)
    case file(FileError)

    var isForeignVersion: Bool {
      if case .content(.unsupportedVersion) = self { true } else { false }
    }

    fileprivate var sentence: String {
      switch self {
      case .content(let error): "\(isForeignVersion ? "is of another version" : "is corrupt") (\(error))"
      case .file(let error): "cannot be read (\(error))"
      }
    }
  }

  package var description: String {
    switch self {
    case .setAside(let path, let problem, let name, let kept):
      "snapshot \(path) \(problem.sentence): set aside as \(name); files set aside so far: \(kept)"
    case .notSetAside(let path, let problem, let error):
      "snapshot \(path) \(problem.sentence) and stays there: \(error)"
    }
  }
}
