package import BudgetCore

extension JournalDirectory {
  /// Hands over every act of one journal file, in order, as far as it is whole.
  /// - Parameter seed: of the ledger that usage is for.
  /// - Throws: when the file cannot be read at all.
  package static func replay(
    file path: String, seed: UInt64, fileSystem: any FileSystem = LinuxFileSystem(),
    _ body: (JournalContent, Moment) -> Void
  ) throws(FileError) -> Replay {
    var replay = Replay(last: 0)
    let reading = try JournalReader.read(path, seed: seed, files: fileSystem) { number, now, content in
      replay.last = number
      replay.records += 1
      body(content, now)
    }
    switch reading.end {
    case .complete: break
    case .torn(let at): replay.notices.append("\(path) was cut off at byte \(at), after \(reading.records) records")
    case .bad(let at, let error):
      replay.notices.append("\(path) cannot be read from byte \(at) on, after \(reading.records) records (\(error))")
    }
    return replay
  }
}
