import BudgetCore
import LedgerAccess
import Testing

@Suite("System clock")
struct SystemClockTests {
  @Test("the steady clock never goes back, and agrees with the wall clock at the start")
  func steady() {
    let clock = SystemClock()
    let start = clock.now()
    #expect(abs((start.wall - start.steady).nanoseconds) < 1_000_000_000)
    var last = start.steady
    var backwards = 0
    for _ in 0..<100_000 {
      let now = clock.now().steady
      if now < last { backwards += 1 }
      last = now
    }
    #expect(backwards == 0)
    #expect(last > start.steady)
    // Later than the day this was written: a clock of seconds or milliseconds would not be.
    #expect(start.wall > Instant(seconds: 1_700_000_000))
  }
}
