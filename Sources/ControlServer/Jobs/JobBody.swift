import BudgetCore
import JSONText

// Jobs and scores as the bodies show them. What is not known is null.
extension JSONWriter {
  mutating func jobMembers(_ job: JobProgress, now: Instant) {
    key("job")
    string(job.name)
    key("done")
    int(job.done)
    key("total")
    optional(job.total)
    key("percent")
    // Rounded down to 4 decimals: 100 says that every item is done.
    if let millionths = job.doneMillionths { double(Double(millionths) / 10_000) } else { null() }
    key("tokens")
    int(job.tokens)
    key("cost_usd")
    dollars(job.cost)
    key("requests")
    int(job.requests)
    key("tokens_per_item")
    optional(job.tokensPerItem)
    key("cost_usd_per_item")
    dollars(job.costPerItem)
    key("started_at")
    time(job.began)
    key("last_used_at")
    time(job.lastUse)
    key("elapsed_seconds")
    double(job.elapsed.inSeconds)
    key("items_per_second")
    optional(job.itemsPerSecond)
    key("rest")
    rest(job, now: now)
  }

  private mutating func rest(_ job: JobProgress, now: Instant) {
    guard let rest = job.rest else { return null() }
    beginObject()
    key("items")
    int(rest.items)
    key("tokens")
    optional(rest.tokens)
    key("cost_usd")
    dollars(rest.cost)
    key("seconds")
    optional(rest.time?.secondsRoundedUp)
    key("finishes_at")
    time(rest.items == 0 ? job.lastUse : rest.time.map { now + $0 })
    endObject()
  }

  mutating func affordable(_ job: JobProgress) {
    guard let affordable = job.affordable else { return null() }
    let (account, unit) = (affordable.account, affordable.account.budget.unit)
    beginObject()
    key("items")
    int(affordable.items)
    key("covers_rest")
    if let rest = job.rest { bool(affordable.items >= Quantity(rest.items)) } else { null() }
    key("budget")
    string(account.budget.name)
    key("tags")
    tags(account.tags)
    key("unit")
    string(unit.name)
    key("remaining")
    optionalAmount(account.remaining, unit)
    key("resets_at")
    time(account.resetsAt)
    endObject()
  }

  /// `"anomaly": {"score": 3.2, "cost_usd": "0.5", "typical_usd": "0.02"}`, or null.
  mutating func anomaly(_ call: CallScore?) {
    key("anomaly")
    guard let call else { return null() }
    beginObject()
    scoreMembers(call)
    endObject()
  }

  /// The score to 2 decimals.
  mutating func scoreMembers(_ call: CallScore) {
    key("score")
    double((call.score * 100).rounded() / 100)
    key("cost_usd")
    dollars(call.cost)
    key("typical_usd")
    dollars(call.typical)
  }

  private mutating func dollars(_ picodollars: Quantity?) {
    if let picodollars { dollars(Money(picodollars: picodollars)) } else { null() }
  }

  private mutating func optional(_ number: (some FixedWidthInteger)?) {
    if let number { int(number) } else { null() }
  }

  private mutating func optional(_ number: Double?) {
    if let number { double(number) } else { null() }
  }
}
