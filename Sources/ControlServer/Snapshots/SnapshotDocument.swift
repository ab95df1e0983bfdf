import BudgetCore
import JSONText
package import Snapshots

/// A capture of the ledger as JSON, for people and their tools.
///
/// Nobody can act with what it shows: no reservation and no remembered id is in it, whether the capture was
/// redacted or not. Amounts are integers, costs decimal strings in USD, times seconds since the epoch.
package enum SnapshotDocument {
  /// The whole document. O(everything captured); meant to run outside the lock.
  package static func json(_ capture: some SnapshotRows) -> [UInt8] {
    var json = JSONWriter(reserving: capture.estimatedLength * 2)
    json.beginObject()
    json.key("captured_at")
    json.double(seconds(capture.moment.wall))
    json.key("sequence")
    json.int(capture.sequence)
    list("series", &json) { json in capture.forEachSeries { write($0, &json) } }
    list("accounts", &json) { json in capture.forEachAccount { write($0, &json) } }
    list("usage", &json) { json in capture.forEachScope { write($0, at: capture.moment, &json) } }
    list("budgets", &json) { json in for tally in capture.savedTallies { write(tally, &json) } }
    json.key("counters")
    json.beginObject()
    for counter in capture.namedCounters {
      json.key(named: counter.name)
      json.int(counter.value)
    }
    json.endObject()
    json.key("unpriced_models")
    json.beginArray()
    for model in capture.unpricedModels { json.string(model) }
    json.endArray()
    json.endObject()
    return json.bytes
  }

  private static func list(_ name: String, _ json: inout JSONWriter, _ body: (inout JSONWriter) -> Void) {
    json.key(named: name)
    json.beginArray()
    body(&json)
    json.endArray()
  }

  private static func write(_ row: SavedSeries, _ json: inout JSONWriter) {
    json.beginObject()
    write(LabelText.parse(row.labels) ?? [], as: "labels", &json)
    if row.seen.contains(.tokens) { member("tokens", row.tokens, &json) }
    if row.seen.contains(.requests) { member("requests", row.requests, &json) }
    if row.seen.contains(.items) { member("items", row.items, &json) }
    if row.seen.contains(.cost) {
      json.key("cost_usd")
      json.dollars(Money(picodollars: row.cost))
    }
    if let histogram = row.histogram {
      json.key("duration_seconds")
      json.beginObject()
      json.key("sum")
      json.double(histogram.sum)
      json.key("counts")
      json.beginArray()
      for index in histogram.counts.indices { json.double(histogram.counts[index]) }
      json.endArray()
      json.endObject()
    }
    json.endObject()
  }

  private static func write(_ account: SavedAccount, _ json: inout JSONWriter) {
    json.beginObject()
    json.key("budget")
    json.string(account.budget)
    json.key("unit")
    json.string(account.unit.name)
    write(account.tags, as: "tags", &json)
    amount("used", account.used, account.unit, &json)
    amount("reserved", account.reserved, account.unit, &json)
    amount("used_total", max(account.usedTotal, account.shownTotal), account.unit, &json)
    json.key("window_start")
    json.double(seconds(account.windowStart))
    if case .period(let end) = account.window {
      json.key("resets_at")
      json.double(seconds(end))
    }
    json.endObject()
  }

  private static func write(_ row: SavedScope, at moment: Moment, _ json: inout JSONWriter) {
    json.beginObject()
    json.key("scope")
    json.string(row.scope)
    json.key("value")
    json.string(row.value)
    var counters = row.counters
    for lookback in LookbackCounters.Lookback.allCases {
      let used = counters.used(in: lookback, tick: LookbackCounters.tick(at: moment.steady))
      json.key(named: lookback.name)
      json.beginObject()
      member("tokens", used.tokens, &json)
      member("requests", used.requests, &json)
      amount("cost_usd", Quantity(used.cost), .cost, &json)
      json.endObject()
    }
    json.endObject()
  }

  private static func write(_ tally: SavedTally, _ json: inout JSONWriter) {
    json.beginObject()
    json.key("budget")
    json.string(tally.budget)
    json.key("unit")
    json.string(tally.unit.name)
    json.key("decisions")
    json.beginObject()
    for (verdict, count) in zip(Verdict.allCases, tally.decisions) { member(verdict.name, count, &json) }
    json.endObject()
    json.key("events")
    json.beginObject()
    for (kind, count) in zip(BudgetEvent.Kind.allCases, tally.events) { member(kind.name, count, &json) }
    json.endObject()
    json.key("overshoot")
    json.beginObject()
    for (cause, sum) in zip(BudgetTally.OvershootCause.allCases, tally.overshoot) {
      amount(cause.name, sum, tally.unit, &json)
    }
    json.endObject()
    json.endObject()
  }

  private static func write(_ tags: [Tag], as name: String, _ json: inout JSONWriter) {
    json.key(named: name)
    json.beginObject()
    for tag in tags {
      json.key(named: tag.key)
      json.string(tag.value)
    }
    json.endObject()
  }

  private static func member(_ name: String, _ count: Int64, _ json: inout JSONWriter) {
    json.key(named: name)
    json.int(count)
  }

  /// Dollars as a decimal string, anything else as an integer.
  private static func amount(_ name: String, _ value: Quantity, _ unit: BudgetUnit, _ json: inout JSONWriter) {
    json.key(named: name)
    json.amount(value, unit)
  }

  private static func seconds(_ instant: Instant) -> Double { Double(instant.nanoseconds) / 1e9 }
}
