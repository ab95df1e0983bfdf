import BudgetCore
import Testing

@testable import Snapshots

@Suite("Another configuration while running")
struct ReconfigureTests {
  private func reconfigured(_ box: LedgerBox, _ settings: LedgerSettings, at now: Moment) throws(SnapshotError)
    -> LedgerBox
  {
    LedgerBox(
      try SnapshotFile.reconfigure(box.ledger.capture(now: now), settings: settings, seed: box.ledger.seed, now: now))
  }

  @Test("the same configuration changes nothing")
  func same() throws {
    let box = LedgerBox(settings: .single(.rolling(.hours(1))), seed: 1)
    box.use(300, id: "one", now: .after(.zero))
    let id = try #require(box.hold(200, now: .after(.seconds(1))))
    let now = Moment.after(.seconds(2))
    let remade = try reconfigured(box, box.ledger.settings, at: now)
    #expect(remade.picture(now: now) == box.picture(now: now))
    #expect(remade.warnings.isEmpty && remade.told().isEmpty)
    remade.use(300, id: "one", now: now)
    _ = remade.settle(id, output: 150, now: now)
    #expect(remade.status("b", now: now)?.used == 450)
  }

  @Test("a lower limit acts at once: it is told, and what no longer fits is denied")
  func lowerLimit() throws {
    let box = LedgerBox(settings: .single(.fixed(.hours(1))), seed: 1)
    box.use(600, now: .after(.zero))
    #expect(box.told().isEmpty)
    var settings = box.ledger.settings
    settings.budgets[0].limit = 500
    let now = Moment.after(.seconds(1))
    let remade = try reconfigured(box, settings, at: now)
    #expect(remade.told() == ["b warn 600", "b exhausted 600", "b exceeded 600"])
    #expect(remade.hold(1, now: now) == nil)
  }

  @Test("another window takes over what was used in it, and no budget is renewed")
  func otherWindow() throws {
    let box = LedgerBox(settings: .single(.fixed(.hours(1))), seed: 1)
    box.use(600, now: .after(.zero))
    var settings = box.ledger.settings
    settings.budgets[0].window = .rolling(.hours(2))
    let remade = try reconfigured(box, settings, at: .after(.minutes(1)))
    #expect(remade.status("b", now: .after(.minutes(1)))?.used == 600)
    #expect(remade.status("b", now: .after(.minutes(125)))?.used == 0)
  }

  @Test("an unlimited window goes back to what it was after a reload there and back")
  func holdsSurvive() throws {
    let box = LedgerBox(settings: .single(.fixed(.hours(1))), seed: 1)
    let id = try #require(box.hold(200, now: .after(.zero)))
    var other = box.ledger.settings
    other.budgets[0].limit = nil
    let there = try reconfigured(box, other, at: .after(.seconds(1)))
    let back = try reconfigured(there, box.ledger.settings, at: .after(.seconds(2)))
    #expect(back.status("b", now: .after(.seconds(2)))?.reserved == 200)
    guard case .released = back.release(id, now: .after(.seconds(3))) else { return #expect(Bool(false)) }
    #expect(back.status("b", now: .after(.seconds(3)))?.reserved == 0)
  }
}
