import BudgetCore
import Glibc
import JSONText
import Logging
import Testing

@testable import Audit

/// A directory that goes away with the test that made it.
final class TemporaryDirectory {
  let path: String

  init() {
    path = "/tmp/tallygate-audit-\(getpid())-\(UInt64.random(in: .min ... .max))"
    mkdir(path, 0o700)
  }

  deinit {
    for file in AuditDirectory(stateDirectory: path).files { unlink(file) }
    rmdir(path + "/audit")
    unlink(path + "/audit")
    rmdir(path)
  }

  var audit: AuditDirectory { AuditDirectory(stateDirectory: path) }
}

@Suite("Audit chain")
struct AuditChainTests {
  private let directory = TemporaryDirectory()

  private func entry(_ number: Int, padding: Int = 0) -> AuditEntry {
    AuditEntry(
      .act, at: Instant(seconds: 1_750_075_200),
      members: [
        "who": .string("ops"), "verb": .string("POST /v1/x/\(number)\n"),
        "pad": .string(String(repeating: "x", count: padding)),
      ])
  }

  private func write(_ range: ClosedRange<Int>, padding: Int = 0, in audit: AuditDirectory? = nil) throws {
    let file = try AuditFile(audit ?? directory.audit)
    for number in range { try file.append(entry(number, padding: padding), lost: 0) }
  }

  private func change(_ body: (inout [UInt8]) -> Void) throws {
    var bytes = try #require(AuditDirectory.read(directory.audit.current))
    body(&bytes)
    let descriptor = open(directory.audit.current, O_WRONLY | O_TRUNC)
    try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
  }

  @Test("C24-26: records follow from one another across restarts, each on a line of its own")
  func follows() throws {
    try write(1...3)
    try write(4...5)
    let report = directory.audit.verify()
    #expect(report.records == 5)
    #expect(report.chain.sequence == 5)
    #expect(report.first == 1)
    #expect(report.problems.isEmpty && !report.isTorn)
    let last = try JSONValue.parse(try #require(directory.audit.latest(1).first))
    #expect(last.asObject?["verb"]?.asString == "POST /v1/x/5\n")
    #expect(last.asObject?["time"]?.asString == "2025-06-16T12:00:00Z")
  }

  @Test("a byte that is changed anywhere but in the last line is found", arguments: [0.1, 0.3, 0.5, 0.7])
  func changed(place: Double) throws {
    try write(1...4)
    try change { bytes in
      let index = Int(Double(bytes.count) * place)
      bytes[index] = bytes[index] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
    }
    #expect(!directory.audit.verify().problems.isEmpty)
  }

  @Test("a line that is taken out, put in or moved is found")
  func moved() throws {
    try write(1...4)
    let good = try #require(AuditDirectory.read(directory.audit.current))
    let lines = good.split(separator: UInt8(ascii: "\n")).map { Array($0) + [UInt8(ascii: "\n")] }
    for order in [[0, 1, 3], [0, 1, 1, 2, 3], [0, 2, 1, 3], [1, 0, 2, 3]] {
      try change { $0 = order.flatMap { lines[$0] } }
      #expect(!directory.audit.verify().problems.isEmpty, "\(order)")
    }
    try change { $0 = good }
    #expect(directory.audit.verify().problems.isEmpty)
  }

  @Test("half a record at the end, which a crash leaves, is cut off and the chain goes on")
  func torn() throws {
    try write(1...2)
    try change { $0 += Array(#"{"seq": 3, "ti"#.utf8) }
    #expect(directory.audit.verify().isTorn)
    #expect(directory.audit.latest(10).count == 2)
    try write(3...3)
    let report = directory.audit.verify()
    #expect(report.records == 3 && report.problems.isEmpty && !report.isTorn)
  }

  @Test("files are put aside at their limit, the oldest goes, and the chain still holds")
  func rotation() throws {
    let each = 512
    let audit = AuditDirectory(stateDirectory: directory.path, fileLimit: 4096)
    try write(1...60, padding: each, in: audit)
    let files = audit.files
    #expect(files.count == 1 + AuditDirectory.olderFiles)
    for file in files { #expect(try #require(AuditDirectory.read(file)).count <= audit.fileLimit) }
    let report = directory.audit.verify()
    #expect(report.problems.isEmpty)
    #expect(report.chain.sequence == 60)
    #expect(try #require(report.first) > 1)
    let numbers = directory.audit.latest(20).compactMap { (try? JSONValue.parse($0))?.asObject?["seq"]?.asInt64 }
    #expect(numbers == Array(41...60))
  }

  @Test("what is no record is a problem with its line")
  func garbage() throws {
    try write(1...2)
    try change { $0 += Array("garbage\n".utf8) }
    #expect(
      directory.audit.verify().problems == [.init(file: directory.audit.current, line: 3, text: "is not a record")])
  }

  @Test("nothing was ever kept: nothing is wrong")
  func empty() {
    let report = directory.audit.verify()
    #expect(report.records == 0 && report.problems.isEmpty)
    #expect(report.chain.head == AuditChain.beginning)
    #expect(directory.audit.latest(5).isEmpty)
  }

  @Test("a disk that refuses holds up nobody; what waits is written when it takes records again")
  func failing() throws {
    // A file where the folder should be: every try fails until it is gone.
    close(open(directory.path + "/audit", O_CREAT | O_WRONLY, 0o600))
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let log = AuditLog(directory.audit, logger: logger)
    for number in 1...(AuditLog.mostWaiting + 10) { log.append(entry(number)) }
    eventually { log.statistics.isFailing }
    #expect(log.statistics.lost == 10)
    unlink(directory.path + "/audit")
    eventually { log.statistics.records == Int64(AuditLog.mostWaiting) }
    #expect(!log.statistics.isFailing)
    log.append(entry(0))
    log.close()
    let lines = directory.audit.latest(AuditLog.mostWaiting + 1).compactMap { (try? JSONValue.parse($0))?.asObject }
    #expect(lines.first?["lost"]?.asInt64 == 10)
    #expect(lines.filter { $0["lost"] != nil }.count == 1)
    #expect(directory.audit.verify().problems.isEmpty)
    #expect(directory.audit.verify().records == AuditLog.mostWaiting + 1)
  }

  private func eventually(_ condition: () -> Bool) {
    for _ in 0..<500 where !condition() { usleep(10_000) }
    #expect(condition())
  }
}
