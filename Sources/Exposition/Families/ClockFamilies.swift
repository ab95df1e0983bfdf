package import BudgetCore

/// How often and how far the wall clock was set.
package enum ClockFamilies {
  package static func families(_ steps: ClockWatch) -> [MetricFamily] {
    [
      .counter("tallygate_clock_steps", "Times that the wall clock was set since the start.", steps.steps),
      MetricFamily(
        "tallygate_clock_step_seconds", .gauge,
        "By how much the wall clock was set since the start, summed: positive is forward.",
        [MetricFamily.Sample(.double(steps.total.inSeconds))]),
    ]
  }
}
