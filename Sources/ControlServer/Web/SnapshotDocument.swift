package import BudgetCore
import JSONText

/// The ledger as one JSON document, for people and scripts.
package struct SnapshotDocument {
  private let capture: LedgerCapture

  /// - Parameter capture: a redacted one: nothing here hides what it holds.
  package init(capture: LedgerCapture) { self.capture = capture }

  /// O(series + accounts).
  package var json: [UInt8] {
    var json = JSONWriter(reserving: capture.estimatedLength)
    json.beginObject()
    json.key("taken_at")
    json.time(capture.moment.wall)
    json.key("series")
    json.beginArray()
    capture.forEachSeries { json.series($0) }
    json.endArray()
    json.key("accounts")
    json.beginArray()
    capture.forEachAccount { json.account($0) }
    json.endArray()
    json.endObject()
    return json.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func series(_ series: SavedSeries) {
    beginObject()
    key("labels")
    tags(LabelText.parse(series.labels) ?? [])
    key("tokens")
    int(series.tokens)
    key("cost_usd")
    string(Money(picodollars: series.cost).decimalString)
    key("requests")
    int(series.requests)
    key("items")
    int(series.items)
    endObject()
  }

  fileprivate mutating func account(_ account: SavedAccount) {
    beginObject()
    key("budget")
    string(account.budget)
    key("tags")
    tags(account.tags)
    key("unit")
    string(account.unit.name)
    key("used")
    amount(account.used, account.unit)
    key("reserved")
    amount(account.reserved, account.unit)
    key("used_total")
    amount(account.usedTotal, account.unit)
    key("window_start")
    time(account.windowStart)
    endObject()
  }
}
