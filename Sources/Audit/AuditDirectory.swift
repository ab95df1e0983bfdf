import Glibc

/// The files of an audit: `audit.jsonl` is written, `audit.1.jsonl` and so on are older ones.
package struct AuditDirectory: Sendable {
  /// Older files that are kept.
  package static let olderFiles = 4
  /// More bytes than a file can have: its limit and one record.
  private static let readLimit = 8 << 20

  package let path: String
  /// Bytes after which a file is put aside.
  let fileLimit: Int

  package init(stateDirectory: String, fileLimit: Int = 4 << 20) {
    path = stateDirectory + "/audit"
    self.fileLimit = fileLimit
  }

  var current: String { path + "/audit.jsonl" }
  func older(_ number: Int) -> String { "\(path)/audit.\(number).jsonl" }

  /// Those that are there, the oldest first.
  var files: [String] {
    ((1...Self.olderFiles).reversed().map { older($0) } + [current]).filter { access($0, F_OK) == 0 }
  }

  /// Reads everything and follows the chain. O(bytes), a file at a time in memory.
  package func verify() -> AuditReport {
    var report = AuditReport()
    let files = files
    for (index, file) in files.enumerated() {
      guard let bytes = Self.read(file) else {
        report.add(.init(file: file, line: 0, text: "cannot be read, or is longer than any file of an audit"))
        continue
      }
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      for (number, line) in lines.dropLast().enumerated() {
        if let text = report.chain.follow(line, isFirstKept: report.records == 0) {
          report.add(.init(file: file, line: number + 1, text: text))
        }
        report.records += 1
        report.first = report.first ?? report.chain.sequence
      }
      guard lines.last?.isEmpty == false else { continue }
      if index == files.count - 1 {
        report.isTorn = true
      } else {
        report.add(.init(file: file, line: lines.count, text: "has no end"))
      }
    }
    return report
  }

  /// The last lines, the oldest of them first. Reads no more files than it must.
  package func latest(_ count: Int) -> [[UInt8]] {
    var found: [[UInt8]] = []
    for file in files.reversed() {
      guard found.count < count, let bytes = Self.read(file) else { break }
      // What stands behind the last line's end was cut off by a crash, or is being written.
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
      found = lines.suffix(count - found.count).map { Array($0) } + found
    }
    return found
  }

  static func read(_ file: String) -> [UInt8]? {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= readLimit {
      let count = Glibc.read(descriptor, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return bytes }
      bytes += block[..<count]
    }
    return nil
  }
}
