import BudgetCore
import Testing

@testable import Exposition

@Suite("Clock steps on the page")
struct ClockPageTests {
  @Test(
    "how often and how far the wall clock was set is shown, and nothing where both clocks went on alike",
    arguments: [([], 0, 0), ([3_600], 1, 3_600), ([3_600, -7_200.5], 2, -3_600.5)] as [([Double], Double, Double)])
  func steps(lengths: [Double], count: Double, sum: Double) throws {
    var ledger = Ledger(settings: LedgerSettings(), seed: 1)
    var now = Moment(noon)
    ledger.followClock(now)
    for length in lengths {
      let passed = Interval.seconds(10)
      now = Moment(wall: now.wall + passed + .milliseconds(Int64(length * 1_000)), steady: now.steady + passed)
      ledger.followClock(now)
    }
    let others = ClockFamilies.families(ledger.clockSteps)
    let view = ledger.view(now: now)
    for format in [ExpositionFormat.text, .openMetrics] {
      let page = try StrictPage(
        MetricsPage(view: view, settings: LedgerSettings(), now: now.wall, others: others).bytes(format),
        openMetrics: format == .openMetrics)
      #expect(page.value("tallygate_clock_steps_total", [:]) == count)
      #expect(page.value("tallygate_clock_step_seconds", [:]) == sum)
    }
  }
}
