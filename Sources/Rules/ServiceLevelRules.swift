// What 95 of 100 sessions and calls shall stay within: 2,000 tokens and ten seconds.
extension RuleSettings {
  func serviceLevelRules() -> RuleGroup {
    let sessions = "job:tallygate_session_tokens:ratio_le2000_rate1d"
    let calls = "job:tallygate_call_duration_seconds:ratio_le10_rate1h"
    return RuleGroup(
      name: "tallygate-service-levels",
      rules: [
        .record(sessions, share("tallygate_session_tokens", within: "2000(.0)?", over: .oneDay)),
        .record(calls, share("tallygate_call_duration_seconds", within: "10[.]24", over: .oneHour)),
        .alert(
          Alert(
            name: "TallygateSessionsAboveObjective", severity: .info, lasting: "30m",
            summary: "More than 5 of 100 sessions take more than 2,000 tokens.",
            description: "Over the last day {{ $value | humanizePercentage }} of sessions stayed within 2,000 tokens."),
          when: "\(sessions) < 0.95"),
        .alert(
          Alert(
            name: "TallygateCallsAboveObjective", severity: .info, lasting: "30m",
            summary: "More than 5 of 100 model calls take more than ten seconds.",
            description: "Over the last hour {{ $value | humanizePercentage }} of calls took at most ten seconds."),
          when: "\(calls) < 0.95"),
      ])
  }

  /// OpenMetrics spells a bound of 2000 as 2000.0.
  private func share(_ histogram: String, within bound: String, over lookback: Lookback) -> String {
    """
    sum by (job) (rate(\(histogram)_bucket{le=~"\(bound)"}[\(lookback.rawValue)]))
      / sum by (job) (rate(\(histogram)_count[\(lookback.rawValue)]))
    """
  }
}
