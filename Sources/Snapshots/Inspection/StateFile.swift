/// A file of the state, of whichever kind.
package enum StateFile {
  /// What a snapshot says, and the file's bytes.
  case snapshot(SnapshotContent, file: [UInt8])
  case journal(JournalInspection)

  private enum Magic { case snapshot, journal, neither }

  /// Reads a file to its end.
  /// - Throws: `FileError`, or `SnapshotError` for a file that is no state or a damaged snapshot. A damaged journal is
  ///   no error: what stands before the damage counts.
  package init(path: String, fileSystem: any FileSystem = LinuxFileSystem()) throws(StateFileError) {
    let result: Result<StateFile, StateFileError>
    do throws(FileError) {
      switch try Self.magic(path, fileSystem) {
      case .journal: result = .success(.journal(try JournalInspection(path: path, fileSystem: fileSystem)))
      case .snapshot, .neither: result = try Self.snapshot(path, fileSystem)
      }
    } catch {
      throw StateFileError(path: path, problem: .file(error))
    }
    self = try result.get()
  }

  /// Whether a file begins as a journal does.
  package static func isJournal(_ path: String, fileSystem: any FileSystem = LinuxFileSystem()) throws(FileError)
    -> Bool
  {
    try magic(path, fileSystem) == .journal
  }

  private static func magic(_ path: String, _ files: any FileSystem) throws(FileError) -> Magic {
    let descriptor = try files.openForReading(path)
    defer { files.close(descriptor) }
    var failure: FileError?
    let start = [UInt8](unsafeUninitializedCapacity: JournalFormat.magic.count) { buffer, count in
      do throws(FileError) {
        count = try files.read(descriptor, into: UnsafeMutableRawBufferPointer(buffer), path: path)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    if start == JournalFormat.magic { return .journal }
    return start == SnapshotHeader.magic ? .snapshot : .neither
  }

  private static func snapshot(_ path: String, _ files: any FileSystem)
    throws(FileError) -> Result<StateFile, StateFileError>
  {
    let bytes = try files.read(path, limit: SnapshotStore.fileLimit)
    do throws(SnapshotError) {
      return .success(.snapshot(try SnapshotContent(bytes), file: bytes))
    } catch {
      return .failure(StateFileError(path: path, problem: .content(error)))
    }
  }
}

/// Why a file of the state cannot be read to its end.
package struct StateFileError: Error, Hashable, Sendable, CustomStringConvertible {
  package let path: String
  package let problem: StateNotice.Problem

  package var description: String {
    switch problem {
    case .file(let error): "\(error)"
    case .content(let error): "\(path): \(error)"
    }
  }
}
