package import BudgetCore
package import JSONText

// What was used, as every answer and every report shows it.
extension JSONWriter {
  /// `"tokens": 1500, "cost_usd": "0.0125", "requests": 3`
  package mutating func useMembers(tokens: Int64, cost: Quantity, requests: Int64) {
    key("tokens")
    int(tokens)
    key("cost_usd")
    dollars(Money(picodollars: cost))
    key("requests")
    int(requests)
  }

  /// `"name": {"one": 1, "other": 2}`
  package mutating func counts(_ name: String, _ counts: [(name: String, count: Int64)]) {
    key(named: name)
    beginObject()
    for (name, count) in counts {
      key(named: name)
      int(count)
    }
    endObject()
  }
}
