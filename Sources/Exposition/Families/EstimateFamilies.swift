import BudgetCore

/// How good the estimates of output were.
enum EstimateFamilies {
  private typealias Sample = MetricFamily.Sample

  static func families(_ view: LedgerView) -> [MetricFamily] {
    var tokens: [Sample] = []
    var calls: [Sample] = []
    for source in OutputSource.allCases {
      for direction in EstimateTally.Direction.allCases {
        let labels = [(name: "source", value: source.name), (name: "direction", value: direction.name)]
        tokens.append(Sample(.integer(view.estimateTally.tokens(source, direction)), labels: labels))
        calls.append(Sample(.integer(view.estimateTally.calls(source, direction)), labels: labels))
      }
    }
    return [
      .counter(
        "tallygate_estimate_error_tokens", "Output tokens by which reservations were over or under what was used.",
        tokens),
      .counter(
        "tallygate_estimate_errors", "Settled reservations whose output was over or under what was used.", calls),
      .gauge(
        "tallygate_estimate_distributions", "Learned distributions of output, by agent and model and by model.",
        Int64(view.estimateCount)),
    ]
  }
}
