/// One process as /proc shows it.
package struct ProcessEntry: Hashable, Sendable {
  package var pid: Int32
  package var parent: Int32
  package var group: Int32
  /// The program's file name, cut to 15 bytes by the kernel.
  package var name: String
  /// It has ended, and its parent has not asked how.
  package var isZombie: Bool

  package init(pid: Int32, parent: Int32, group: Int32, name: String, isZombie: Bool = false) {
    self.pid = pid
    self.parent = parent
    self.group = group
    self.name = name
    self.isZombie = isZombie
  }

  /// Reads `/proc/PID/stat` (proc_pid_stat(5)): `pid (name) state ppid pgrp …`. The name may hold anything, brackets
  /// and newlines too, so it ends at the last bracket.
  package init?(stat bytes: [UInt8]) {
    guard let open = bytes.firstIndex(of: UInt8(ascii: "(")), let close = bytes.lastIndex(of: UInt8(ascii: ")")),
      open < close, let pid = Int32(Self.trimmed(bytes[..<open]))
    else { return nil }
    let fields = bytes[(close + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 3)
    guard fields.count >= 3, let parent = Int32(Self.trimmed(fields[1])), let group = Int32(Self.trimmed(fields[2]))
    else { return nil }
    let isZombie = fields[0].first == UInt8(ascii: "Z") || fields[0].first == UInt8(ascii: "X")
    self.init(
      pid: pid, parent: parent, group: group, name: String(decoding: bytes[(open + 1)..<close], as: UTF8.self),
      isZombie: isZombie)
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.filter { $0 != UInt8(ascii: " ") }, as: UTF8.self)
  }
}
