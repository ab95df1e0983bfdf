import Glibc
import Supervision
import Testing

@Suite("Process table")
struct ProcessTableTests {
  @Test(
    "a line of /proc/PID/stat is read whatever the name holds",
    arguments: [
      ("7 (bash) S 3 7 7 0 -1", ProcessEntry(pid: 7, parent: 3, group: 7, name: "bash")),
      ("7 (a) b (c) R 3 9 7 0", ProcessEntry(pid: 7, parent: 3, group: 9, name: "a) b (c")),
      ("7 (x\n) Z 3 9 7 0", ProcessEntry(pid: 7, parent: 3, group: 9, name: "x\n", isZombie: true)),
    ])
  func stat(line: String, entry: ProcessEntry) { #expect(ProcessEntry(stat: Array(line.utf8)) == entry) }

  @Test(
    "a line that is none is none", arguments: ["", "7", "7 (a", "7 (a)", "7 (a) S", "x (a) S 1 2", "7 )a( S 1 2 3"])
  func noStat(line: String) { #expect(ProcessEntry(stat: Array(line.utf8)) == nil) }

  @Test("descendants are children and theirs, without the ended, even if the table goes round")
  func descendants() {
    func entry(_ pid: Int32, _ parent: Int32, isZombie: Bool = false) -> ProcessEntry {
      ProcessEntry(pid: pid, parent: parent, group: pid, name: "p", isZombie: isZombie)
    }
    let table = ProcessTable([
      entry(1, 0), entry(10, 1), entry(11, 10), entry(12, 11), entry(13, 10, isZombie: true), entry(20, 1),
      entry(30, 31), entry(31, 30),
    ])
    #expect(Set(table.descendants(of: 10).map(\.pid)) == [11, 12])
    #expect(table.descendants(of: 12).isEmpty)
    #expect(table.descendants(of: 30).map(\.pid) == [31])
  }

  @Test("a name is compared as far as the kernel keeps it")
  func names() {
    let table = ProcessTable([
      ProcessEntry(pid: 5, parent: 1, group: 5, name: "a-very-long-nam"),
      ProcessEntry(pid: 6, parent: 1, group: 6, name: "python3"),
    ])
    #expect(table.named("a-very-long-name-indeed").map(\.pid) == [5])
    #expect(table.named("python3").map(\.pid) == [6])
    #expect(table.named("python").isEmpty)
    #expect(table.named("").isEmpty)
  }

  @Test("this process is in the table of this machine")
  func live() throws {
    let own = try #require(ProcessTable.read().entries.first { $0.pid == getpid() })
    #expect(own.parent == getppid())
    #expect(own.group == getpgrp())
    #expect(!own.isZombie)
  }
}
