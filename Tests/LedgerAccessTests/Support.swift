import BudgetCore
import LedgerAccess

/// Swift Testing has a `Tag` of its own.
typealias Tag = BudgetCore.Tag

/// Noon of some day.
let noon = Moment(Instant(seconds: 1_750_075_200))

func makeLedger(
  _ budgets: [Budget] = [], clock: @escaping @Sendable () -> Moment = { noon },
  observer: @escaping SharedLedger.Observer = { _ in }
) -> SharedLedger {
  var settings = LedgerSettings()
  settings.budgets = budgets
  return SharedLedger(Ledger(settings: settings, seed: 0x5EED), clock: clock, observer: observer)
}

extension Budget {
  static func test(_ name: String = "b", limit: Quantity?, unit: BudgetUnit = .tokens) -> Budget {
    Budget(name: name, unit: unit, limit: limit, window: .lifetime(idleExpiry: nil))
  }
}

func tokens(_ count: Int64) -> SpendRequest {
  SpendRequest(
    tags: TagSet([Tag(key: "agent", value: "a")]), spend: Spend(tokens: [TokenAmount(kind: .input, count: count)]))
}
