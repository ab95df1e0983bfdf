import BudgetCore
import Glibc
import Supervision
import Testing

@Suite("Enforcement")
struct EnforcementTests {
  private func at(_ seconds: Int64) -> Instant { Instant(seconds: seconds) }

  @Test("stop asks once, and kills when the grace is over, again and again")
  func stop() {
    var enforcement = Enforcement(action: .stop, grace: .seconds(10))
    #expect(enforcement.budgetIsGone(now: at(100)) == [SIGTERM, SIGCONT])
    #expect(enforcement.budgetIsGone(now: at(101)) == [])
    #expect(enforcement.signalsDue(now: at(109)) == [])
    #expect(enforcement.isEnding)
    #expect(enforcement.signalsDue(now: at(110)) == [SIGKILL])
    #expect(enforcement.signalsDue(now: at(111)) == [SIGKILL])
  }

  @Test("who was asked to end is not asked to stay when the budget is back")
  func noWayBack() {
    var enforcement = Enforcement(action: .stop, grace: .seconds(10))
    _ = enforcement.budgetIsGone(now: at(0))
    #expect(enforcement.budgetIsBack() == [])
    #expect(enforcement.signalsDue(now: at(10)) == [SIGKILL])
  }

  @Test("pause lasts until the budget is back, and may come again")
  func pause() {
    var enforcement = Enforcement(action: .pause, grace: .seconds(10))
    #expect(enforcement.budgetIsBack() == [])
    for _ in 0..<2 {
      #expect(enforcement.budgetIsGone(now: at(0)) == [SIGSTOP])
      #expect(enforcement.signalsDue(now: at(1000)) == [])
      #expect(!enforcement.isEnding)
      #expect(enforcement.budgetIsBack() == [SIGCONT])
    }
  }

  @Test("kill kills at once; warn does nothing")
  func killAndWarn() {
    var killing = Enforcement(action: .kill, grace: .seconds(10))
    #expect(killing.budgetIsGone(now: at(0)) == [SIGKILL])
    #expect(killing.signalsDue(now: at(0)) == [SIGKILL])
    var warning = Enforcement(action: .warn, grace: .seconds(10))
    #expect(warning.budgetIsGone(now: at(0)) == [])
    #expect(warning.signalsDue(now: at(100)) == [])
  }
}
