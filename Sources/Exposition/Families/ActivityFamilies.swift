import BudgetCore

/// Jobs and their progress, runaways, and calls that cost too much. Nothing is shown of what nobody uses.
enum ActivityFamilies {
  private typealias Sample = MetricFamily.Sample

  static func families(_ view: LedgerView) -> [MetricFamily] {
    jobs(distinct(view.activities.jobs)) + bounds(view.activities) + [
      .counter(
        "tallygate_runaways", "Limits of runaway rules that were reached, by the tag that is watched.",
        view.activities.runaways.map {
          Sample(.integer($0.count), labels: [(name: "tag", value: $0.tag), (name: "cause", value: $0.cause.name)])
        }),
      .counter(
        "tallygate_call_cost_anomalies", "Calls that cost far more than the agent's calls do.",
        distinct(view.activities.anomalies).map {
          Sample(.integer($0.count), labels: [(name: "agent", value: $0.agent)])
        }),
    ]
  }

  // Names that are shown alike, because they differ in control characters only, become one with their sums: a sample
  // that stands twice would cost the whole page.

  private static func distinct(_ jobs: [JobProgress]) -> [JobProgress] {
    merged(jobs, name: \.name) { sum, more in
      sum.done = sum.done.saturatingAdd(more.done)
      sum.tokens = sum.tokens.saturatingAdd(more.tokens)
      sum.cost = sum.cost.saturatingAdd(more.cost)
    }
  }

  private static func distinct(_ anomalies: [(agent: String, count: Int64)]) -> [(agent: String, count: Int64)] {
    merged(anomalies, name: \.agent) { $0.count = $0.count.saturatingAdd($1.count) }
  }

  private static func merged<Row>(_ rows: [Row], name: (Row) -> String, add: (inout Row, Row) -> Void) -> [Row] {
    var kept: [Row] = []
    kept.reserveCapacity(rows.count)
    var replaced: [[UInt8]: Int] = [:]
    for row in rows {
      var label: [UInt8] = []
      LabelText.append(name: "name", value: name(row), to: &label)
      // Where no replacement character stands, nothing was replaced.
      if label.contains(0xEF) {
        if let same = replaced[label] {
          add(&kept[same], row)
          continue
        }
        replaced[label] = kept.count
      }
      kept.append(row)
    }
    return kept
  }

  private static func jobs(_ jobs: [JobProgress]) -> [MetricFamily] {
    func samples(_ value: (JobProgress) -> MetricFamily.Value?) -> [Sample] {
      jobs.compactMap { job in value(job).map { Sample($0, labels: [(name: "job", value: job.name)]) } }
    }
    return [
      .counter("tallygate_job_items", "Items that the job has done.", samples { .integer($0.done) }),
      .gauge(
        "tallygate_job_items_expected", "Items that the job is declared to have.",
        samples { $0.total.map { .integer($0) } }),
      .counter("tallygate_job_tokens", "Tokens that the job has used.", samples { .integer($0.tokens) }),
      .counter("tallygate_job_cost_usd", "US dollars that the job has cost.", samples { .usd($0.cost) }),
    ]
  }

  private static func bounds(_ report: ActivityReport) -> [MetricFamily] {
    guard report.count > 0 || report.overflow > 0 else { return [] }
    return [
      .gauge(
        "tallygate_activities", "Jobs, sessions, tasks and other watched values of tags that are kept.",
        Int64(report.count)),
      .counter(
        "tallygate_activities_overflow", "Times that a watched value found no place and went to __other__.",
        report.overflow),
    ]
  }
}

extension PageWriter {
  /// How many sessions are open, and how many tokens those that ended used.
  mutating func writeSessions(_ report: ActivityReport, format: ExpositionFormat) {
    let histogram = report.sessions
    guard report.openSessions > 0 || !histogram.isEmpty else { return }
    writeHeader("tallygate_sessions_open", .gauge, "Sessions that were used lately.", format: format)
    write("tallygate_sessions_open ")
    write(Int64(report.openSessions))
    write(UInt8(ascii: "\n"))
    let name: StaticString = "tallygate_session_tokens"
    writeHeader("tallygate_session_tokens", .histogram, "Tokens that sessions used until they ended.", format: format)
    var cumulative: Int64 = 0
    for (index, count) in histogram.counts.enumerated() {
      cumulative = cumulative.saturatingAdd(count)
      write(name)
      write("_bucket{le=\"")
      if index < SessionHistogram.bounds.count {
        write(SessionHistogram.bounds[index])
        // OpenMetrics writes every bound as a floating-point number.
        if format == .openMetrics { write(".0") }
      } else {
        write("+Inf")
      }
      write("\"} ")
      write(cumulative)
      write(UInt8(ascii: "\n"))
    }
    write(name)
    write("_sum ")
    write(histogram.sum)
    write(UInt8(ascii: "\n"))
    write(name)
    write("_count ")
    write(cumulative)
    write(UInt8(ascii: "\n"))
  }
}
