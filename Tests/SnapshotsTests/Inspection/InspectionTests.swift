import BudgetCore
import Compression
import Testing

@testable import Snapshots

@Suite("Looking at the state on disk")
struct InspectionTests {
  private let now = Moment.after(.minutes(1))

  private func file(isRedacted: Bool = false) throws -> [UInt8] {
    let ledger = LedgerBox(settings: .varied, seed: 1)
    ledger.use(700, id: "call-1", now: now)
    _ = try #require(ledger.hold(100, now: now))
    let capture = ledger.ledger.capture(now: now)
    return try SnapshotFile.encode(isRedacted ? capture.redacted() : capture)
  }

  @Test("a snapshot's rows are read without the configuration of its ledger")
  func content() throws {
    let content = try SnapshotContent(file())
    #expect(content.accounts.first { $0.budget == "rolling" }?.used == 700)
    #expect(content.accounts.first { $0.budget == "rolling" }?.reserved == 100)
    #expect(content.series.map(\.tokens).reduce(0, +) == 700)
    #expect(content.reservations == [.held: 1])
    #expect(content.rememberedIDs == 1)
    #expect(content.moment == now)
  }

  @Test("a snapshot for readers has totals, and neither reservations nor ids")
  func redacted() throws {
    let content = try SnapshotContent(file(isRedacted: true))
    #expect(content.header.isRedacted)
    #expect(content.accounts.first { $0.budget == "rolling" }?.used == 700)
    #expect(content.reservations.isEmpty && content.rememberedIDs == 0 && content.pools.isEmpty)
  }

  @Test("content that inflates past what the header says is refused, however small the file")
  func bomb() throws {
    let body = CompressionFormat.zlib.compress([UInt8](repeating: 0, count: 64 << 20))
    func refusal(claiming length: UInt64) -> SnapshotError? {
      let header = SnapshotHeader(
        sequence: 0, contentLength: length, bodyLength: UInt64(body.count), wall: 0, steady: 0, isRedacted: false,
        bodyChecksum: crc32(body))
      return #expect(throws: SnapshotError.self) { try SnapshotContent(header.bytes + body) }
    }
    #expect(refusal(claiming: 1000) == .inconsistent("the content is larger than 1000 bytes"))
    #expect(refusal(claiming: 1 << 31) == .tooLarge(bytes: 1 << 31, limit: 1 << 30))
  }

  @Test("a file is told by its first bytes, whatever its name")
  func kinds() throws {
    let directory = TemporaryDirectory()
    directory.write(try file(), to: "a")
    directory.write(Array("neither".utf8), to: "c")
    guard case .snapshot = try StateFile(path: directory.path + "/a") else { throw SnapshotError.notASnapshot }
    #expect(throws: StateFileError.self) { try StateFile(path: directory.path + "/c") }
    #expect(throws: StateFileError.self) { try StateFile(path: directory.path + "/missing") }

    let scene = JournalScene(sequence: 4)
    scene.journal.cut()
    for act in SampleActs.all { _ = scene.journal.append(act, at: now) }
    scene.append(usage: SampleUsage(1), at: .after(.minutes(2)))
    scene.journal.flush()
    let path = "\(scene.directory.path)/\(scene.directory.names[0])"
    guard case .journal(let journal) = try StateFile(path: path) else { throw SnapshotError.notAJournal }
    let count = UInt64(SampleActs.all.count + 1)
    #expect(journal.first == 5 && journal.last == 4 + count && journal.records == count)
    #expect(journal.kinds["lines"] == 1 && journal.kinds["usage"] == 2 && journal.kinds["override"] == 2)
    #expect(journal.kinds.values.reduce(0, +) == Int(count))
    #expect(journal.end == .complete)
    #expect(journal.began == now.wall && journal.ended == Moment.after(.minutes(2)).wall)

    let bytes = scene.directory.read(scene.directory.names[0])
    directory.write(Array(bytes.dropLast(3)), to: "torn")
    let torn = try JournalInspection(path: directory.path + "/torn")
    #expect(torn.records == count - 1)
    guard case .torn = torn.end else { throw SnapshotError.notAJournal }
  }
}
