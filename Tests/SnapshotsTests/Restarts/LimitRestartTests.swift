import BudgetCore
import Testing

@testable import Snapshots

@Suite("Limits over a restart")
struct LimitRestartTests {
  private static let own = [Tag(key: "agent", value: "a")]

  @Test(
    "a top-up ends when it was to end, whether or not somebody ran then",
    arguments: [
      WindowRule.fixed(.hours(1)), .rolling(.hours(1)), .lifetime(idleExpiry: nil),
      .calendar(CalendarRule(period: .day)),
    ])
  func topUp(rule: WindowRule) throws {
    let box = LedgerBox(settings: .single(rule), seed: 1)
    box.use(1_000, now: .after(.zero))
    _ = box.ledger.topUp(
      budget: "b", unit: nil, tags: Self.own, amount: 500, until: noon + .minutes(10), now: .after(.minutes(1)))
    _ = box.told()
    let soon = try box.restarted(from: .after(.minutes(2)), at: .after(.minutes(9)))
    #expect(soon.status("b", now: .after(.minutes(9)))?.limit == 1_500)
    #expect(soon.told().isEmpty)
    #expect(soon.status("b", now: .after(.minutes(10)))?.limit == 1_000)
    #expect(soon.told() == ["b warn 1000", "b exhausted 1000"])
    let late = try box.restarted(from: .after(.minutes(2)), at: .after(.minutes(10)))
    #expect(late.status("b", now: .after(.minutes(10)))?.limit == 1_000)
  }

  @Test("overrides of accounts and of budgets hold on")
  func overrides() throws {
    let box = LedgerBox(settings: .single(.fixed(.hours(1))), seed: 1)
    box.use(10, agent: "a", now: .after(.zero))
    box.use(10, agent: "b", now: .after(.zero))
    _ = box.ledger.override(budget: "b", unit: nil, tags: [], limit: 70, until: nil, now: .after(.zero))
    _ = box.ledger.override(budget: "b", unit: nil, tags: Self.own, limit: nil, until: nil, now: .after(.zero))
    let restored = try box.restarted(from: .after(.minutes(1)), at: .after(.days(2)))
    #expect(restored.ledger.accountStatuses(now: .after(.days(2))).map(\.limit) == [nil, 70])
  }

  @Test(
    "what was rolled over is kept to the window's end, and what a window that ended meanwhile left rolls over",
    arguments: [(59, 1_000), (60, 1_500), (119, 1_500), (120, 1_500)] as [(Int64, Quantity)])
  func rollover(minute: Int64, limit: Quantity) throws {
    var settings = LedgerSettings.single(.fixed(.hours(1)))
    settings.budgets[0].rollover = Ratio(millionths: 500_000)
    let box = LedgerBox(settings: settings, seed: 1)
    box.use(200, now: .after(.zero))
    let now = Moment.after(.minutes(minute))
    for captured in [Interval.minutes(1), .minutes(minute)] {
      let restored = try box.restarted(from: .after(captured), at: now)
      #expect(restored.status("b", now: now)?.limit == limit)
    }
  }

  @Test("a used window that ended while nobody ran rolls only its rest over")
  func rest() throws {
    var settings = LedgerSettings.single(.fixed(.hours(1)))
    settings.budgets[0].rollover = Ratio(millionths: 500_000)
    let box = LedgerBox(settings: settings, seed: 1)
    box.use(800, now: .after(.zero))
    let restored = try box.restarted(from: .after(.minutes(1)), at: .after(.minutes(61)))
    #expect(restored.status("b", now: .after(.minutes(61)))?.limit == 1_200)
    let again = try restored.restarted(from: .after(.minutes(62)), at: .after(.minutes(63)))
    #expect(again.status("b", now: .after(.minutes(63)))?.limit == 1_200)
  }

  @Test("changed limits that were damaged are refused or taken over, and never end the process", arguments: 1...4)
  func damaged(seed: UInt64) throws {
    var settings = LedgerSettings.single(.fixed(.hours(1)))
    settings.budgets[0].rollover = Ratio(millionths: 500_000)
    let box = LedgerBox(settings: settings, seed: 1)
    box.use(200, now: .after(.zero))
    _ = box.ledger.override(budget: "b", unit: nil, tags: [], limit: 70, until: nil, now: .after(.minutes(61)))
    _ = box.ledger.topUp(
      budget: "b", unit: nil, tags: Self.own, amount: 500, until: noon + .hours(3), now: .after(.minutes(61)))
    let saved = box.ledger.capture(now: .after(.minutes(62))).savedLimits
    #expect(saved.count == 2)
    var writer = ByteWriter()
    LimitSection.write(saved, to: &writer)
    var generator = SeededGenerator(seed: seed)
    var read = 0
    for _ in 0..<2_000 {
      var changed = writer.bytes
      let place = Int.random(in: changed.indices, using: &generator)
      changed[place] = UInt8.random(in: 0...255, using: &generator)
      var restorer = LedgerRestorer(
        settings: settings, seed: 2, captured: .after(.minutes(62)), sequence: 1, labels: [], now: .after(.minutes(63)))
      box.ledger.capture(now: .after(.minutes(62))).forEachAccount { try? restorer.add($0) }
      do {
        try changed.withUnsafeBytes { bytes in
          var reader = ByteReader(bytes)
          while !reader.isAtEnd { try restorer.add(LimitSection.read(&reader)) }
        }
        read += 1
      } catch {}
      let restored = LedgerBox(restorer.finish())
      _ = restored.picture(now: .after(.days(1)))
      #expect(restored.ledger.checkInvariants() == [])
    }
    #expect(read > 100)
  }
}
