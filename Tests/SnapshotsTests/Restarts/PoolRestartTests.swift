import BudgetCore
import Compression
import Testing

@testable import Snapshots

@Suite("A restart with pools")
struct PoolRestartTests {
  private static func settings(_ pools: Pool...) -> LedgerSettings {
    var settings = LedgerSettings()
    settings.pools = pools
    return settings
  }

  private static let pool = Pool(name: "p", tokens: 10_000, window: .fixed(.hours(1)), allocationTTL: .minutes(30))

  /// A pool with an allocation that was stopped, one that was released, one refused, and a top-up.
  private func scene(_ pool: Pool = pool) throws -> (ledger: LedgerBox, id: AllocationID, released: AllocationID) {
    let box = LedgerBox(settings: Self.settings(pool), seed: 1)
    let now = Moment.after(.seconds(1))
    func allocate(_ priority: Priority) throws -> AllocationID {
      let request = AllocationRequest(pool: "p", agent: "a", task: "t", priority: priority)
      guard case .granted(let report) = box.ledger.allocate(request, secret: 0xFEED_FACE_CAFE_0001, now: now) else {
        throw SnapshotError.notASnapshot
      }
      return report.allocation.id
    }
    let id = try allocate(.high)
    let released = try allocate(.low)
    _ = box.ledger.allocate(AllocationRequest(pool: "p", agent: "b"), secret: 1, now: now)
    _ = box.ledger.useAllocation(id, AllocationUsage(lookup: 7000, reasoning: 600), now: now)
    _ = box.ledger.useAllocation(released, AllocationUsage(untyped: 100), now: now)
    _ = box.ledger.releaseAllocation(released, now: now)
    _ = box.ledger.topUpPool("p", tokens: 50, allocation: nil, now: now)
    _ = box.told()
    return (box, id, released)
  }

  private func picture(_ box: LedgerBox, at now: Moment) -> [String] {
    box.ledger.poolReports(now: now).map { report in
      "\(report.pool.name) \(report.total) \(report.available) \(report.allocated) \(report.spent) \(report.tally)"
        + " \(report.historyCount) \(report.resetsAt as Any) \(report.allocations.map(\.allocation))"
    }
  }

  @Test("keeps every allocation, record and count, and tells nothing again")
  func roundTrip() throws {
    let (before, id, released) = try scene()
    let now = Moment.after(.minutes(2))
    let restored = try before.restarted(from: now, at: now)
    #expect(picture(restored, at: now) == picture(before, at: now))
    #expect(restored.warnings.isEmpty && restored.told().isEmpty)
    let record = restored.ledger.releaseAllocation(released, now: now)
    #expect(record?.record == before.ledger.releaseAllocation(released, now: now)?.record)
    guard case .exceeded(let report) = restored.ledger.useAllocation(id, AllocationUsage(untyped: 1), now: now) else {
      Issue.record("the allocation is not known")
      return
    }
    #expect(report.allocation.used.total == 7601)
  }

  @Test("ends what was due in between, and numbers go on")
  func due() throws {
    let (before, id, _) = try scene()
    let later = Moment.after(.minutes(31))
    let restored = try before.restarted(from: .after(.minutes(2)), at: later)
    let ended = restored.ledger.releaseAllocation(id, now: later)
    #expect(ended?.record.ending == .expired)
    let request = AllocationRequest(pool: "p", agent: "c", cap: 1)
    guard case .granted(let report) = restored.ledger.allocate(request, secret: 1, now: later) else {
      Issue.record("nothing was granted")
      return
    }
    #expect(report.allocation.id.number == 3)
  }

  @Test("A17: resumes who was stopped when the window turned in between")
  func turned() throws {
    let (before, _, _) = try scene(Pool(name: "p", tokens: 10_000, window: .fixed(.hours(1))))
    let restored = try before.restarted(from: .after(.minutes(2)), at: .after(.minutes(61)))
    restored.maintain(now: .after(.minutes(61)))
    #expect(restored.told() == ["p resume 0"])
  }

  @Test("with a smaller pool takes nothing from those who hold it")
  func smaller() throws {
    let (before, _, _) = try scene()
    let now = Moment.after(.minutes(2))
    let restored = try before.restarted(Self.settings(Pool(name: "p", tokens: 100)), from: now, at: now)
    let report = try #require(restored.ledger.poolReports(now: now).first)
    #expect(report.total == 7500 && report.available == 0 && report.allocatedTotal == 7500)
    #expect(restored.ledger.checkInvariants() == [])
  }

  @Test("without the pool drops it and says so")
  func gone() throws {
    let (before, _, _) = try scene()
    let now = Moment.after(.minutes(2))
    let restored = try before.restarted(Self.settings(), from: now, at: now)
    #expect(restored.warnings == [.poolGone(name: "p"): 1])
  }

  @Test("never ends the process, whatever its numbers are", arguments: 1...4)
  func wrongNumbers(seed: UInt64) throws {
    let (before, _, _) = try scene()
    let now = Moment.after(.minutes(2))
    let section = Array("pool".utf8)
    let file = try SnapshotFile.encode(before.ledger.capture(now: now))
    let whole = try CompressionFormat.zlib.decompress(Array(file[SnapshotHeader.size...]), limit: 1 << 24)
    let start = try #require(whole.indices.first { whole[$0...].starts(with: section) }) + 12
    var generator = SeededGenerator(seed: seed)
    var refused = 0
    for _ in 0..<300 {
      var changed = whole
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        changed[Int.random(in: start..<min(start + 330, whole.count), using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      do {
        let sealed = try SnapshotFile.seal(changed, sequence: 0, moment: now, isRedacted: false)
        let restored = LedgerBox(
          try SnapshotFile.restore(sealed, settings: Self.settings(Self.pool), seed: 2, now: now))
        #expect(restored.ledger.checkInvariants() == [], "seed \(seed)")
        _ = restored.ledger.allocate(AllocationRequest(pool: "p", agent: "x", priority: .critical), secret: 1, now: now)
        restored.maintain(now: .after(.days(2)))
      } catch {
        refused += 1
      }
    }
    #expect(refused > 0)
  }

  @Test("from a file for readers knows no allocation")
  func redacted() throws {
    let (before, _, _) = try scene()
    let now = Moment.after(.minutes(2))
    let capture = before.ledger.capture(now: now)
    let file = try SnapshotFile.encode(capture.redacted())
    let restored = LedgerBox(
      try SnapshotFile.restore(file, settings: Self.settings(Self.pool), seed: 2, now: now))
    #expect(restored.ledger.poolReports(now: now).first?.allocations.isEmpty == true)
  }
}
