package import JSONText

/// A backtest's results for programs.
package enum BacktestJSON {
  private static let shares = ["0.25", "0.5", "0.75"]

  package static func append(_ name: String, _ result: Backtest, badRows: [Trace.BadRow], to json: inout JSONWriter) {
    json.beginObject()
    json.key("trace")
    json.string(name)
    json.key("accounts")
    json.int(result.accounts)
    json.key("windows")
    json.int(result.scored)
    json.key("windows_without_forecast")
    json.int(result.silent)
    json.key("bad_rows")
    json.beginArray()
    for row in badRows { json.string(row.description) }
    json.endArray()
    json.key("errors")
    json.beginObject()
    for method in Backtest.Method.allCases {
      json.key(named: method.rawValue)
      json.beginObject()
      for (share, sums) in zip(shares, result.errors[method] ?? []) { append(share, sums, to: &json) }
      json.endObject()
    }
    json.endObject()
    json.key("coverage")
    json.beginObject()
    for (share, coverage) in zip(shares, result.coverage) {
      json.key(named: share)
      json.beginObject()
      json.key("0.8")
      json.double(coverage.share80)
      json.key("0.95")
      json.double(coverage.share95)
      json.endObject()
    }
    json.endObject()
    json.key("alerts")
    json.beginObject()
    for (name, alert) in [("likely", result.likely), ("likelier", result.likelier), ("nearly_used", result.nearly)] {
      append(name, alert, to: &json)
    }
    json.endObject()
    json.endObject()
  }

  private static func append(_ share: String, _ sums: ErrorSums, to json: inout JSONWriter) {
    json.key(named: share)
    json.beginObject()
    for (name, value) in [
      ("median", sums.median), ("p90", sums.p90), ("capped_log", sums.cappedLog), ("weighted", sums.weighted),
    ] {
      json.key(named: name)
      json.double(value)
    }
    json.endObject()
  }

  private static func append(_ name: String, _ alert: AlertSums, to json: inout JSONWriter) {
    json.key(named: name)
    json.beginObject()
    json.key("f1")
    json.double(alert.f1)
    json.key("false_positive_rate")
    json.double(alert.falsePositiveRate)
    json.key("median_lead_hours")
    json.double(alert.medianLead)
    json.endObject()
  }
}
