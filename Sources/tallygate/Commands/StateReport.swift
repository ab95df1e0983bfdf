import BudgetCore
import JSONText
import Snapshots

/// What stands at a path of the state, read to its end: for `inspect` and `verify`.
struct StateReport {
  let path: String
  let isDirectory: Bool
  private(set) var files: [File] = []
  /// Names that a start passes over.
  private(set) var others: [String] = []

  struct File {
    let name: String
    let result: Result<StateFile, StateFileError>
  }

  init(path: String) throws(StartError) {
    self.path = path
    guard let names = Self.names(in: path) else {
      isDirectory = false
      let file = try Self.open(path)
      files = [File(name: path, result: .success(file))]
      return
    }
    isDirectory = true
    others = names.filter { !Self.isState($0) }
    files = names.filter(Self.isState).map { name in
      File(name: name, result: Result { () throws(StateFileError) in try StateFile(path: "\(path)/\(name)") })
    }
    guard !files.isEmpty else { throw StartError("\(path) holds no state: no snapshot and no journal.") }
  }

  /// `nil` for what is not a directory.
  static func names(in path: String) -> [String]? { (try? LinuxFileSystem().names(in: path))?.sorted() }

  /// Whether a start reads a file of this name.
  static func isState(_ name: String) -> Bool {
    name == "snapshot" || name == "snapshot.previous" || JournalDirectory.isJournal(name)
  }

  static func open(_ path: String) throws(StartError) -> StateFile {
    do throws(StateFileError) {
      return try StateFile(path: path)
    } catch {
      throw StartError("\(error)")
    }
  }

  /// The snapshot that a start would use.
  var used: File? {
    files.first { file in
      if case .success(.snapshot) = file.result { true } else { false }
    }
  }

  private var journals: [(name: String, journal: JournalInspection)] {
    files.compactMap { file in
      if case .success(.journal(let journal)) = file.result { (file.name, journal) } else { nil }
    }
  }

  /// How many acts a start would do again after the snapshot, and how many no file has.
  var replay: (acts: UInt64, missing: UInt64) {
    var last: UInt64 = if case .success(.snapshot(let content, _)) = used?.result { content.sequence } else { 0 }
    var (acts, missing): (UInt64, UInt64) = (0, 0)
    for (_, journal) in journals {
      guard let first = journal.first, let end = journal.last, end > last else { continue }
      if first > last &+ 1 { missing = missing &+ (first - last - 1) }
      acts = acts &+ (end - max(last, first &- 1))
      last = end
    }
    return (acts, missing)
  }

  /// What cannot be read, as sentences.
  var problems: [String] {
    var problems: [String] = []
    for file in files {
      switch file.result {
      case .failure(let error): problems.append("\(error)")
      case .success(.journal(let journal)):
        if case .damaged(let at, let error) = journal.end {
          problems.append("\(full(file)): damaged at byte \(at), after \(journal.records) records: \(error)")
        }
      case .success(.snapshot): continue
      }
    }
    if isDirectory, replay.missing > 0 { problems.append("\(path): \(replay.missing) acts are in no journal") }
    return problems
  }

  /// What is worth saying and no damage.
  var notes: [String] {
    var notes: [String] = []
    for (name, journal) in journals {
      if case .torn(let at) = journal.end {
        notes.append("\(name): the last record was cut off at byte \(at), as a crash leaves it")
      }
    }
    for name in others where name.contains(".corrupt") || name.contains(".unsupported") {
      notes.append("\(name) was set aside earlier")
    }
    return notes
  }

  private func full(_ file: File) -> String { isDirectory ? "\(path)/\(file.name)" : file.name }
}
