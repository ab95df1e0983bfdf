import BudgetCore
import JSONText
import LedgerAccess

extension ControlRoutes {
  /// `GET /v1/alerts`: the accounts that are at their warning threshold or their limit, the most used first.
  func alerts(_ request: HTTPRequest) -> HTTPResponse {
    let alerts = Alert.alerts(of: ledger.accounts().filter(request.caller.sees), at: ledger.now().wall)
    var json = JSONWriter(reserving: 256 * (alerts.count + 1))
    json.beginArray()
    for alert in alerts { json.alert(alert) }
    json.endArray()
    return .json(json.bytes)
  }
}

extension JSONWriter {
  fileprivate mutating func alert(_ alert: Alert) {
    let (account, unit) = (alert.account, alert.account.budget.unit)
    beginObject()
    key("level")
    string(alert.level.rawValue)
    key("budget")
    string(account.budget.name)
    key("unit")
    string(unit.name)
    key("tags")
    tags(account.tags)
    key("used")
    amount(account.used, unit)
    key("limit")
    optionalAmount(account.limit, unit)
    key("ratio")
    double(account.usedRatio)
    key("time")
    time(alert.time)
    key("text")
    string(alert.text)
    endObject()
  }
}
