package import BudgetCore
import Glibc

// Putting another snapshot in the place of the state that is there.
extension SnapshotStore {
  /// What became of the state that was there.
  package struct Replacement: Hashable, Sendable {
    /// A directory of its own, with the names that its files had; `nil` when there were none.
    package let setAside: String?
    package let moved: [String]
  }

  /// Makes these bytes the only snapshot. What was there, with the journals that would be replayed on top, moves to a
  /// directory inside this one; nothing is deleted. When it throws, everything is back where it was, or the error
  /// says that a file could not be moved back.
  /// - Parameter now: names that directory.
  package func replace(with bytes: [UInt8], at now: Instant) throws(FileError) -> Replacement {
    let temporary = path(Self.temporaryName)
    var target: String?
    var moved: [String] = []
    do throws(FileError) {
      try write(bytes, to: temporary)
      let there = try files.names(in: directory).filter(Self.isState).sorted()
      if !there.isEmpty { target = try makeAside(now: now) }
      for name in there {
        try files.rename(path(name), to: "\(target ?? directory)/\(name)")
        moved.append(name)
      }
      try files.rename(temporary, to: path(Self.snapshotName))
    } catch {
      for name in moved.reversed() { try files.rename("\(target ?? directory)/\(name)", to: path(name)) }
      try? files.remove(temporary)
      throw error
    }
    try syncDirectory()
    return Replacement(setAside: target, moved: moved)
  }

  private static func isState(_ name: String) -> Bool {
    name == snapshotName || name == predecessorName || JournalFormat.first(inName: name) != nil
  }

  private func makeAside(now: Instant) throws(FileError) -> String {
    let names = try files.names(in: directory)
    let base = "before-restore-\(now.seconds)"
    var name = base
    var number = 1
    while names.contains(name) {
      number += 1
      name = "\(base)-\(number)"
    }
    try files.makeDirectory(path(name))
    return path(name)
  }
}
