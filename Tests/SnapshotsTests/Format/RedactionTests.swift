import BudgetCore
import Compression
import Testing

@testable import Snapshots

@Suite("A snapshot for readers")
struct RedactionTests {
  @Test("holds every total, and nothing that would let its reader act")
  func redacted() throws {
    let now = Moment.after(.minutes(1))
    let seed: UInt64 = 0x1122_3344_5566_7788
    let ledger = LedgerBox(settings: .varied, seed: seed)
    ledger.use(700, id: "call-1", now: now)
    let id = try #require(ledger.hold(100, now: now))
    let capture = ledger.ledger.capture(now: now)
    let file = try SnapshotFile.encode(capture.redacted())
    let content = try CompressionFormat.zlib.decompress(Array(file[SnapshotHeader.size...]), limit: 1 << 24)
    let whole = try CompressionFormat.zlib.decompress(
      Array(SnapshotFile.encode(capture)[SnapshotHeader.size...]), limit: 1 << 24)
    for secret in [id.secret, seed] {
      let bytes = withUnsafeBytes(of: secret.littleEndian) { Array($0) }
      #expect(contains(whole, bytes))
      #expect(!contains(content, bytes))
    }
    let header = try SnapshotFile.check(file)
    #expect(header.isRedacted)

    let restored = LedgerBox(try SnapshotFile.restore(file, settings: .varied, seed: 2, now: now))
    #expect(restored.warnings == [.redacted: 1])
    #expect(restored.status("rolling", now: now)?.used == ledger.status("rolling", now: now)?.used)
    #expect(restored.openReservations == 0)
    #expect(restored.status("rolling", now: now)?.reserved == 0)
  }

  private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: part) }
  }
}
