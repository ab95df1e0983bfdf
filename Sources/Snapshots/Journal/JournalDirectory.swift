package import BudgetCore

/// The journal files of a state directory: replayed at a start, removed when snapshots have made them needless.
package struct JournalDirectory: Sendable {
  private let directory: String
  private let files: any FileSystem

  package init(directory: String, fileSystem: any FileSystem = LinuxFileSystem()) {
    self.directory = directory
    files = fileSystem
  }

  /// What one replay met.
  package struct Replay: Sendable {
    /// The number of the last act that the state now includes.
    package internal(set) var last: UInt64
    /// Acts and batches of lines that were done again.
    package internal(set) var records: UInt64 = 0
    /// How many of them were no batches of lines.
    package internal(set) var acts = 0
    /// Length of the files that hold them, as far as they could be read.
    package internal(set) var bytes: Int64 = 0
    /// Files whose last record was cut off.
    package internal(set) var tornTails = 0
    /// Acts that no file has, between two that some have.
    package internal(set) var missing: UInt64 = 0
    package internal(set) var notices: [String] = []
    /// Files with damage that a stopped writer does not explain.
    package internal(set) var damaged: Set<String> = []

    package init(last: UInt64) { self.last = last }
  }

  /// Hands over every act after `sequence`, in order. Damage ends the reading of its file, never the start.
  /// - Parameter seed: of the ledger that usage is for.
  package func replay(after sequence: UInt64, seed: UInt64, _ body: (JournalContent, Moment) -> Void) -> Replay {
    var replay = Replay(last: sequence)
    for (_, name) in names() {
      let path = "\(directory)/\(name)"
      do throws(FileError) {
        let before = replay.records
        let reading = try JournalReader.read(path, seed: seed, files: files) { number, now, content in
          guard number > replay.last else { return }
          if number > replay.last + 1 { replay.missing += number - replay.last - 1 }
          replay.last = number
          replay.records += 1
          if case .act = content { replay.acts += 1 }
          body(content, now)
        }
        if replay.records > before { replay.bytes += reading.bytes }
        note(reading, name: name, path: path, in: &replay)
      } catch {
        replay.notices.append("journal \(path) cannot be read: \(error)")
      }
    }
    if replay.missing > 0 {
      replay.notices.append("\(replay.missing) acts are in no journal: what they used was lost")
    }
    return replay
  }

  /// Whether a replay after `sequence` may have something to do. False after a stop that left everything in its
  /// snapshot. Reads 64 KiB at most.
  package func mayHoldActs(after sequence: UInt64) -> Bool {
    let all = names()
    // What is numbered from there on stands in the last file that begins before it, or behind that one.
    guard let index = all.lastIndex(where: { $0.first <= sequence &+ 1 }) else { return !all.isEmpty }
    guard index == all.endIndex - 1 else { return true }
    let path = "\(directory)/\(all[index].name)"
    do throws(FileError) {
      let reading = JournalReader.look(at: try files.read(path, limit: 64 << 10))
      return reading.end != .complete || (reading.first ?? 0) &+ reading.records > sequence &+ 1
    } catch {
      // Longer than that, or not to be read: the replay will say.
      return true
    }
  }

  private func note(_ reading: JournalReader.Reading, name: String, path: String, in replay: inout Replay) {
    switch reading.end {
    case .complete: break
    case .torn(let at):
      replay.tornTails += 1
      replay.notices.append("journal \(path) was cut off at byte \(at), after \(reading.records) records")
    case .bad(let at, let error):
      replay.tornTails += 1
      replay.damaged.insert(name)
      replay.notices.append(
        "journal \(path) cannot be read from byte \(at) on, after \(reading.records) records (\(error))")
    }
  }

  /// Removes the files that hold nothing after `sequence`; damaged ones get another name instead. The last one stays.
  package func removeFiles(through sequence: UInt64, damaged: Set<String>) throws(FileError) {
    let all = names()
    for (file, next) in zip(all, all.dropFirst()) where next.first <= sequence &+ 1 {
      if damaged.contains(file.name) {
        try setAside(file.name)
      } else {
        try files.remove("\(directory)/\(file.name)")
      }
    }
  }

  /// Makes way for the journal that begins after a replay: a damaged file without a whole record has its name.
  package func makeWay(after replay: inout Replay) {
    let name = JournalFormat.name(first: replay.last &+ 1)
    guard replay.damaged.contains(name) else { return }
    do throws(FileError) {
      let kept = try setAside(name)
      replay.damaged.remove(name)
      replay.notices.append("journal \(directory)/\(name) holds no whole record: set aside as \(kept)")
    } catch {
      replay.notices.append("journal \(directory)/\(name) holds no whole record and stays there: \(error)")
    }
  }

  /// Gives a damaged file a name of its own, for a person to look at. Nothing is overwritten.
  @discardableResult
  private func setAside(_ name: String) throws(FileError) -> String {
    let taken = try files.names(in: directory)
    var target = name + ".corrupt"
    var number = 1
    while taken.contains(target) {
      number += 1
      target = "\(name).corrupt-\(number)"
    }
    try files.rename("\(directory)/\(name)", to: "\(directory)/\(target)")
    return target
  }

  /// Whether a file of this name is read at a start.
  package static func isJournal(_ name: String) -> Bool { JournalFormat.first(inName: name) != nil }

  private func names() -> [(first: UInt64, name: String)] {
    let all = (try? files.names(in: directory)) ?? []
    return all.compactMap { name in JournalFormat.first(inName: name).map { ($0, name) } }.sorted {
      $0.first < $1.first
    }
  }
}
