import BudgetCore
import JSONText

// An overview as `/status` shows it.
extension JSONWriter {
  /// The members of an overview; the object is the caller's.
  mutating func overview(_ overview: Overview, window: String) {
    key("time")
    time(overview.now)
    key("series")
    int(overview.seriesCount)
    key("reservations")
    int(overview.openReservations)
    key("account_counts")
    beginObject()
    for state in AccountStatus.State.allCases {
      key(named: state.rawValue)
      int(overview.accountCounts[state] ?? 0)
    }
    endObject()
    key("accounts")
    beginArray()
    for account in overview.accounts {
      beginObject()
      accountMembers(account)
      key("warn_at")
      double(Double(account.budget.warnAt.millionths) / 1e6)
      key("mode")
      string(account.budget.mode.rawValue)
      endObject()
    }
    endArray()
    key("window")
    string(window)
    key("spenders")
    beginArray()
    for spenders in overview.spenders { self.spenders(spenders) }
    endArray()
    key("stopped_count")
    int(overview.stopCount)
    key("stopped")
    beginArray()
    for stop in overview.stops { self.stop(stop) }
    endArray()
  }

  private mutating func spenders(_ spenders: Overview.Spenders) {
    beginObject()
    key("tag")
    string(spenders.scope)
    key("rows")
    beginArray()
    for row in spenders.rows {
      beginObject()
      key("value")
      string(row.value)
      key("tokens")
      int(row.tokens)
      key("cost_usd")
      dollars(Money(picodollars: Quantity(row.cost)))
      key("requests")
      int(row.requests)
      endObject()
    }
    endArray()
    endObject()
  }

  private mutating func stop(_ stop: SubjectStop) {
    beginObject()
    key("subject")
    tags([stop.subject])
    key("reason")
    string(stop.reason)
    key("since")
    time(stop.since)
    endObject()
  }
}
