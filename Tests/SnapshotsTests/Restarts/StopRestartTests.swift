import BudgetCore
import Testing

@testable import Snapshots

@Suite("Stops over a restart")
struct StopRestartTests {
  @Test("a stopped subject stays stopped, with its reason and its time, whatever the configuration says")
  func subjects() throws {
    let box = LedgerBox(settings: .single(.fixed(.hours(1))), seed: 1)
    let rogue = Tag(key: "agent", value: "rogue")
    box.ledger.stopSubject(rogue, reason: "loops", now: .after(.minutes(1)))
    let restored = try box.restarted(LedgerSettings(), from: .after(.minutes(2)), at: .after(.days(3)))
    let stops = restored.ledger.stoppedSubjects
    #expect(stops == [SubjectStop(subject: rogue, reason: "loops", since: noon + .minutes(1))])
    #expect(restored.ledger.takeEvents().isEmpty)
    #expect(restored.ledger.resumeSubject(rogue, now: .after(.days(3))) != nil)
    let again = try restored.restarted(from: .after(.days(3)), at: .after(.days(3)))
    #expect(again.ledger.stoppedSubjects.isEmpty)
  }

  @Test("an account that was stopped and has come below its grace, but not its limit, stays stopped")
  func accounts() throws {
    var settings = LedgerSettings.single(.rolling(.hours(1)))
    settings.budgets[0].stopGrace = 200
    let box = LedgerBox(settings: settings, seed: 1)
    box.use(150, now: .after(.zero))
    box.use(1_050, now: .after(.minutes(10)))
    #expect(box.told() == ["b warn 1200", "b exhausted 1200", "b exceeded 1200", "b stop 1200"])
    let now = Moment.after(.minutes(65))
    #expect(box.status("b", now: now)?.used == 1_050)
    let restored = try box.restarted(from: now, at: now)
    #expect(restored.status("b", now: now)?.isStopped == true)
    #expect(restored.told().isEmpty)
    let later = Moment.after(.minutes(72))
    #expect(restored.status("b", now: later)?.isStopped == false)
    #expect(restored.told() == ["b resume 0"])
  }

  @Test("a lower limit or grace after a restart stops what is past it; without on_exceed nothing is stopped")
  func reconfigured() throws {
    var settings = LedgerSettings.single(.fixed(.hours(1)))
    settings.budgets[0].stopGrace = 200
    let box = LedgerBox(settings: settings, seed: 1)
    box.use(1_100, now: .after(.zero))
    _ = box.told()
    settings.budgets[0].stopGrace = 50
    let lower = try box.restarted(settings, from: .after(.minutes(1)), at: .after(.minutes(1)))
    #expect(lower.status("b", now: .after(.minutes(1)))?.isStopped == true)
    #expect(lower.told() == ["b stop 1100"])
    settings.budgets[0].stopGrace = nil
    let without = try lower.restarted(settings, from: .after(.minutes(1)), at: .after(.minutes(1)))
    #expect(without.status("b", now: .after(.minutes(1)))?.isStopped == false)
    #expect(without.ledger.checkInvariants() == [])
  }

  @Test("damaged stops are refused")
  func damaged() throws {
    var restorer = LedgerRestorer(
      settings: LedgerSettings(), seed: 1, captured: .after(.zero), sequence: 0, labels: [], now: .after(.zero))
    for subject in [Tag(key: "id", value: "x"), Tag(key: "agent", value: ""), Tag(key: "", value: "x")] {
      do throws(InconsistentState) {
        try restorer.add(SubjectStop(subject: subject, reason: "", since: noon))
        Issue.record("\(subject) was taken over")
      } catch {}
    }
  }
}
