import BudgetCore

/// `activities:`, `jobs:` and `anomaly:`.
extension ConfigurationDecoder {
  private static let mostActivities: Int64 = 1_000_000
  private static let mostAgents: Int64 = 100_000
  private static let expiries = Interval.minutes(1)...Interval.days(366)

  mutating func activities(_ root: Section, budgets: [Budget]) -> ActivitySettings {
    var result = ActivitySettings()
    if let section = section(root["activities"], keys: ["max", "idle_expiry", "job_expiry"]) {
      if let value = whole(section["max"], in: 8...Self.mostActivities, example: "8192") { result.most = Int(value) }
      if let value = duration(section["idle_expiry"], in: Self.expiries, example: "1h") { result.idleExpiry = value }
      if let value = duration(section["job_expiry"], in: Self.expiries, example: "7d") { result.jobExpiry = value }
    }
    result.jobs = jobs(root["jobs"])
    result.runaways = runaways(root["runaway"], budgets: budgets)
    return result
  }

  /// How many items jobs have that are known beforehand.
  private mutating func jobs(_ field: Field?) -> [String: Int64] {
    let example = "- { name: nightly-index, items: 100_000 }"
    guard let elements = sequence(field, atMost: ActivitySettings.mostDeclaredJobs, example: example) else {
      return [:]
    }
    var jobs: [String: Int64] = [:]
    var lines: [String: Int] = [:]
    for element in elements {
      guard !element.node.isNull else {
        fail(element, "must be a job, got nothing", "Write for example \(example)")
        continue
      }
      guard let section = section(element, keys: ["name", "items"]) else { continue }
      let name = name(section, &lines, of: "job", example: "nightly-index")
      if section["items"] == nil { fail(element, "a job needs items", "Write for example items: 100_000") }
      let items = whole(section["items"], in: 1...ActivitySettings.mostItems, example: "100_000")
      if let name, let items { jobs[name] = items }
    }
    return jobs
  }

  mutating func anomaly(_ field: Field?) -> AnomalySettings {
    var result = AnomalySettings()
    guard let section = section(field, keys: ["threshold", "max_agents"]) else { return result }
    if let value = threshold(section["threshold"]) { result.threshold = value }
    if let value = whole(section["max_agents"], in: 1...Self.mostAgents, example: "1024") {
      result.maxAgents = Int(value)
    }
    return result
  }

  /// In deviations.
  private mutating func threshold(_ field: Field?) -> Double? {
    let expected = "a number from 0.1 to 100 with at most 3 decimals"
    guard let field, let text = text(field, expected: expected, example: "4") else { return nil }
    guard let thousandths = NumberText.decimal(text, decimals: 3), (100...100_000).contains(thousandths) else {
      return wrong(field, expected, "4")
    }
    return Double(thousandths) / 1000
  }
}
