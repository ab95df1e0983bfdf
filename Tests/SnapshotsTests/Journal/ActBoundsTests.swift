import BudgetCore
import Testing

@testable import Snapshots

@Suite("Amounts that nobody can have acted with")
struct ActBoundsTests {
  private static let impossible: [LedgerAct] = {
    let target = LedgerAct.BudgetTarget(budget: "b", unit: nil, tags: [])
    let id = AllocationID(number: 1, secret: 1)
    let less = Spend(tokens: [TokenAmount(kind: .input, count: -1)])
    return [
      .record(less, tags: .empty, id: nil, duration: nil), .record(Spend(), tags: .empty, id: nil, duration: -1),
      .record(Spend(cost: -1), tags: .empty, id: nil, duration: nil),
      .record(Spend(cost: .max), tags: .empty, id: nil, duration: nil),
      .record(Spend(requests: -1), tags: .empty, id: nil, duration: nil),
      .reserve(tags: .empty, spend: less, granted: nil), .settle(SampleActs.id, actual: less),
      .topUp(target, amount: -1, until: nil), .topUp(target, amount: .max, until: nil),
      .override(target, limit: .min, until: nil),
      .allocate(AllocationRequest(pool: "p", agent: "a", cap: -1), secret: 1),
      .allocate(AllocationRequest(pool: "p", agent: "a", cap: 1, ttl: .seconds(-1)), secret: 1),
      .use(id, AllocationUsage(lookup: -1)), .use(id, AllocationUsage(reasoning: .max)),
      .topUpPool("p", tokens: -1, allocation: nil), .declareJob("j", items: -1), .declareJob("j", items: .max),
    ]
  }()

  @Test("are damage in a journal: what stands before them counts, and nothing behind", arguments: impossible.indices)
  func refused(index: Int) throws {
    let scene = JournalScene()
    scene.journal.cut()
    for act in [.show, Self.impossible[index], .show] { _ = scene.journal.append(act, at: .after(.zero)) }
    scene.journal.flush()
    let (replay, content) = scene.replay()
    #expect(content.count == 1, "\(Self.impossible[index])")
    #expect(replay.damaged.count == 1)
    #expect(replay.notices.contains { $0.contains("out of bounds") })
  }

  @Test("a stored series that costs less than nothing is refused")
  func negativeSeries() throws {
    let error = #expect(throws: SnapshotError.self) {
      _ = try restore(series: { $0.append([0, 2, 0, 0, 0, 0, 0, 1, 0]) }, accounts: { _ in })
    }
    #expect(error == .inconsistent("a series' cost is out of bounds"))
  }

  @Test("a stored account that used more in its window than ever has used that much altogether")
  func smallTotal() throws {
    let box = try restore(series: { _ in }) { account in
      account.append("b")
      account.append(byte: BudgetUnit.tokens.rawValue)
      account.append(count: 0)
      // A lifetime without an end.
      account.append(byte: 2)
      account.append(signed: .max)
      account.append(signed: noon.nanoseconds)
      for quantity in [24, 0, 3, 0] { account.append(quantity: Quantity(quantity)) }
      account.append(byte: 0)
      account.append(signed: noon.nanoseconds)
    }
    let (faults, used) = (box.ledger.checkInvariants(), box.status("b", now: .after(.zero))?.used)
    #expect(faults == [] && used == 24)
  }

  private func restore(series: (inout ByteWriter) -> Void, accounts: (inout ByteWriter) -> Void) throws -> LedgerBox {
    var writer = ByteWriter()
    writer.appendSection(.names) { $0.append([0, 0]) }
    writer.appendSection(.series, series)
    writer.appendSection(.accounts, accounts)
    for tag in [SectionTag.scopes, .tallies, .counters] { writer.appendSection(tag) { _ in } }
    writer.appendSection(.reservations) { $0.append([0, 0]) }
    writer.appendSection(.duplicates) { $0.append([UInt8](repeating: 0, count: 11)) }
    writer.appendSection(.unpricedModels) { $0.append([0]) }
    let file = try SnapshotFile.seal(writer.bytes, sequence: 0, moment: .after(.zero), isRedacted: false)
    return LedgerBox(try SnapshotFile.restore(file, settings: StateScene.settings, seed: 1, now: nil))
  }
}
