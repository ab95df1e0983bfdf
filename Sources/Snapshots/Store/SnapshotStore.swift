package import BudgetCore
import Glibc

/// One directory of snapshots, for one process at a time: the newest, its predecessor, and whatever was set aside.
///
/// At every instant one complete snapshot is there, under its own name or its predecessor's. Calls must not
/// overlap: whoever captures and saves does so one after the other.
package final class SnapshotStore: Sendable {
  package let directory: String
  let files: any FileSystem
  /// Held open as long as the store lives; -1 on a disk where nobody can write a lock.
  private let lockDescriptor: Int32
  /// Whether the process before this one ended without saying so: it crashed or was killed.
  package let wasLeftUnclean: Bool

  static let snapshotName = "snapshot"
  static let predecessorName = "snapshot.previous"
  static let temporaryName = "snapshot.tmp"
  static let corruptName = "snapshot.corrupt-"
  static let foreignName = "snapshot.unsupported-"
  static let lockName = "lock"
  /// What compression may add to content that does not compress.
  package static let fileLimit = Int(SnapshotHeader.contentLimit) * 101 / 100

  /// Makes the directory (mode 0700) where it is missing, locks it, and removes what an interrupted save left.
  package init(directory: String, fileSystem: any FileSystem = LinuxFileSystem()) throws(StateDirectoryError) {
    self.directory = directory
    files = fileSystem
    do throws(FileError) {
      try fileSystem.makeDirectory(directory)
    } catch {
      throw .file(error)
    }
    (lockDescriptor, wasLeftUnclean) = try Self.lock(directory, fileSystem)
    if let names = try? fileSystem.names(in: directory) {
      for name in names where name.hasPrefix(Self.temporaryName) { try? fileSystem.remove("\(directory)/\(name)") }
    }
  }

  deinit { if lockDescriptor >= 0 { files.close(lockDescriptor) } }

  private static func lock(_ directory: String, _ files: any FileSystem) throws(StateDirectoryError)
    -> (descriptor: Int32, wasLeftUnclean: Bool)
  {
    let path = "\(directory)/\(lockName)"
    var descriptor: Int32 = -1
    do throws(FileError) {
      descriptor = try files.create(path, keeping: true)
    } catch  where error.code == EROFS {
      // Nobody can write here, but what is here can be read.
      return (-1, false)
    } catch {
      throw .file(error)
    }
    let isOurs: Bool
    do throws(FileError) {
      isOurs = try files.lock(descriptor, path: path)
    } catch {
      files.close(descriptor)
      throw .file(error)
    }
    guard isOurs else {
      files.close(descriptor)
      let text = (try? files.read(path, limit: 32)).map { String(decoding: $0, as: UTF8.self) }
      throw .inUse(directory: directory, process: text.flatMap { Int32($0) })
    }
    // Who ends well leaves the file empty. A full disk is no reason to stop.
    let wasLeftUnclean = (try? files.read(path, limit: 32))?.isEmpty == false
    try? files.truncate(descriptor, path: path)
    try? files.writeAll(Array("\(getpid())".utf8), to: descriptor, path: path)
    return (descriptor, wasLeftUnclean)
  }

  /// Says that this process ends well: everything is in the snapshot.
  package func markClean() {
    guard lockDescriptor >= 0 else { return }
    try? files.truncate(lockDescriptor, path: path(Self.lockName))
  }

  /// Lets go of the directory as it was found: whoever only tried something is no process that ran on this state.
  package func markUntouched() { if !wasLeftUnclean { markClean() } }

  // MARK: Loading

  /// The newest snapshot that `decode` accepts. One that it does not is set aside, and its predecessor tried.
  /// - Parameter now: names what is set aside.
  package func load<Value: ~Copyable>(at now: Instant, _ decode: ([UInt8]) throws(SnapshotError) -> Value)
    -> LoadedSnapshot<Value>
  {
    var notices: [StateNotice] = []
    for name in [Self.snapshotName, Self.predecessorName] {
      let problem: StateNotice.Problem
      switch read(name) {
      case .failure(let error) where error.code == ENOENT: continue
      case .failure(let error): problem = .file(error)
      case .success(let bytes):
        do throws(SnapshotError) {
          return LoadedSnapshot(value: try decode(bytes), source: path(name), notices: notices)
        } catch {
          problem = .content(error)
        }
      }
      do throws(FileError) {
        notices.append(try setAside(name, problem, now: now))
      } catch {
        notices.append(.notSetAside(path: path(name), problem, error))
      }
    }
    return LoadedSnapshot(value: nil, source: nil, notices: notices)
  }

  private func read(_ name: String) -> Result<[UInt8], FileError> {
    do throws(FileError) {
      return .success(try files.read(path(name), limit: Self.fileLimit))
    } catch {
      return .failure(error)
    }
  }

  /// Gives a file that cannot be used a name of its own. Nothing is overwritten: the directory is ours alone.
  private func setAside(_ name: String, _ problem: StateNotice.Problem, now: Instant) throws(FileError) -> StateNotice {
    if case .file(let error) = problem, error.isShortage { throw error }
    let prefix = problem.isForeignVersion ? Self.foreignName : Self.corruptName
    let names = try files.names(in: directory)
    var target = "\(prefix)\(now.seconds)"
    var number = 1
    while names.contains(target) {
      number += 1
      target = "\(prefix)\(now.seconds)-\(number)"
    }
    try files.rename(path(name), to: path(target))
    let kept = names.count { $0.hasPrefix(Self.corruptName) || $0.hasPrefix(Self.foreignName) } + 1
    return .setAside(path: path(name), problem, as: target, kept: kept)
  }

  // MARK: Saving

  /// Makes these bytes the newest snapshot and the one before its predecessor. After it the new one survives a
  /// loss of power; when it throws, the old one or the new one does, and the temporary file is gone.
  ///
  /// A snapshot that was damaged on disk since is set aside instead of taking the place of a good predecessor.
  @discardableResult
  package func save(_ bytes: [UInt8], at now: Instant) throws(FileError) -> [StateNotice] {
    let temporary = path(Self.temporaryName)
    do throws(FileError) {
      try write(bytes, to: temporary)
      let notices = try rotate(now: now)
      try files.rename(temporary, to: path(Self.snapshotName))
      try syncDirectory()
      return notices
    } catch {
      try? files.remove(temporary)
      throw error
    }
  }

  func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let descriptor = try files.create(path, keeping: false)
    defer { files.close(descriptor) }
    try files.writeAll(bytes, to: descriptor, path: path)
    try files.sync(descriptor, path: path)
  }

  private func rotate(now: Instant) throws(FileError) -> [StateNotice] {
    switch read(Self.snapshotName) {
    case .failure(let error) where error.code == ENOENT: return []
    case .failure(let error): return [try setAside(Self.snapshotName, .file(error), now: now)]
    case .success(let current):
      do throws(SnapshotError) {
        _ = try SnapshotFile.check(current)
      } catch {
        return [try setAside(Self.snapshotName, .content(error), now: now)]
      }
    }
    try files.rename(path(Self.snapshotName), to: path(Self.predecessorName))
    return []
  }

  func syncDirectory() throws(FileError) {
    let descriptor = try files.openForReading(directory)
    defer { files.close(descriptor) }
    try files.sync(descriptor, path: directory)
  }

  func path(_ name: String) -> String { "\(directory)/\(name)" }
}
