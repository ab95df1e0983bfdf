import Glibc

/// The processes of this machine, or of the pod where it shares its process namespace, at one moment.
package struct ProcessTable: Sendable {
  package var entries: [ProcessEntry]

  package init(_ entries: [ProcessEntry]) { self.entries = entries }

  /// Reads /proc. O(processes). Who ends meanwhile is left out.
  package static func read(from directory: String = "/proc") -> ProcessTable {
    var entries: [ProcessEntry] = []
    guard let folder = opendir(directory) else { return ProcessTable([]) }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let pid = Int32(name), let process = read(pid, in: directory) else { continue }
      entries.append(process)
    }
    return ProcessTable(entries)
  }

  static func read(_ pid: Int32, in directory: String = "/proc") -> ProcessEntry? {
    let descriptor = open("\(directory)/\(pid)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return ProcessEntry(stat: Array(bytes[..<count]))
  }

  /// Who descends from a process, the process itself left out, and those who have ended. O(processes).
  package func descendants(of ancestor: Int32) -> [ProcessEntry] {
    let children = Dictionary(grouping: entries, by: \.parent)
    var found: [ProcessEntry] = []
    var seen: Set<Int32> = [ancestor]
    var waiting = [ancestor]
    // Each process is looked at once: numbers are used again, and a table read in the meantime may go round.
    while let parent = waiting.popLast() {
      for child in children[parent] ?? [] where seen.insert(child.pid).inserted {
        waiting.append(child.pid)
        if !child.isZombie { found.append(child) }
      }
    }
    return found
  }

  /// Who runs a program of this name. Longer names than the kernel keeps are compared as far as it keeps them.
  package func named(_ name: String) -> [ProcessEntry] {
    let kept = name.utf8.prefix(Self.longestName)
    return entries.filter { !$0.isZombie && $0.name.utf8.elementsEqual(kept) }
  }

  /// TASK_COMM_LEN without its final zero.
  private static let longestName = 15
}
