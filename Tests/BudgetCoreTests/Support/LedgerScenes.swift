@testable import BudgetCore

/// Swift Testing has a `Tag` of its own.
typealias Tag = BudgetCore.Tag

/// Noon of some day, so that no window edge is near unless a test asks for one.
let noon = Instant(seconds: 1_750_075_200)

/// Both clocks at `seconds` after noon.
func after(_ seconds: Int64) -> Moment { Moment(noon + .seconds(seconds)) }

func tags(_ pairs: KeyValuePairs<String, String>) -> TagSet {
  TagSet(pairs.map { Tag(key: $0.key, value: $0.value) })
}

func tokens(_ count: Int64, _ kind: TokenKind = .input) -> Spend {
  Spend(tokens: [TokenAmount(kind: kind, count: count)])
}

func dollars(_ cents: Int64) -> Quantity { Quantity(cents) * Money.picodollarsPerDollar / 100 }

func makeLedger(_ budgets: [Budget] = [], _ adjust: (inout LedgerSettings) -> Void = { _ in }) -> Ledger {
  var settings = LedgerSettings()
  settings.budgets = budgets
  adjust(&settings)
  return Ledger(settings: settings, seed: 0x5EED)
}

extension Budget {
  /// A budget on tokens for ever, unless said otherwise.
  static func test(
    _ name: String = "b", limit: Quantity?, unit: BudgetUnit = .tokens, per: [String] = [],
    match: [TagPattern] = [], window: WindowRule = .lifetime(idleExpiry: nil), warnAt: Int64 = 800_000,
    throttleAt: Int64? = nil, mode: Mode = .enforce, onExpiry: ExpiryPolicy = .charge, stopGrace: Quantity? = nil,
    parent: String? = nil, countsOwn: Bool = true
  ) -> Budget {
    Budget(
      name: name, match: match, countsOwn: countsOwn, parent: parent, per: per, unit: unit, limit: limit,
      window: window, warnAt: Ratio(millionths: warnAt), throttleAt: throttleAt.map { Ratio(millionths: $0) },
      mode: mode, onExpiry: onExpiry, stopGrace: stopGrace)
  }
}

/// What the tests read from an account: usable inside `#expect`, which a ledger is not.
struct Reading: Equatable, CustomStringConvertible {
  var used: Quantity
  var reserved: Quantity = 0

  var description: String { "used \(used), reserved \(reserved)" }
}

extension Ledger {
  /// Counts one line, as the parser would hand it over.
  mutating func line(
    _ kind: UsageEvent.Kind, _ amount: Int64, _ tags: String, at now: Moment, fraction: UInt32 = 0,
    timestamp: Int64 = UsageEvent.noTimestamp, weight: Double = 1
  ) {
    line(kind, amount, bytes: Array(tags.utf8), at: now, fraction: fraction, timestamp: timestamp, weight: weight)
  }

  mutating func line(
    _ kind: UsageEvent.Kind, _ amount: Int64, bytes: [UInt8], at now: Moment, fraction: UInt32 = 0,
    timestamp: Int64 = UsageEvent.noTimestamp, weight: Double = 1
  ) {
    bytes.withUnsafeBytes { raw in
      let start = raw.baseAddress ?? ByteHash.emptyByte
      var event = UsageEvent(
        kind: kind, amount: amount, tags: start, tagsLength: raw.count,
        hash: ByteHash.hash(start, count: raw.count, seed: seed))
      event.fraction = fraction
      event.timestamp = timestamp
      event.weight = weight
      apply(event, now: now)
    }
  }

  mutating func use(_ count: Int64, _ tags: TagSet = .empty, at now: Moment) {
    _ = record(tokens(count), tags: tags, id: nil, now: now)
  }

  /// Every account of a budget, in the order of birth.
  mutating func readings(_ name: String = "b", at now: Moment) -> [Reading] {
    accountStatuses(now: now).filter { $0.budget.name == name }.map { Reading(used: $0.used, reserved: $0.reserved) }
  }

  /// The only account of a budget.
  mutating func used(_ name: String = "b", at now: Moment) -> Quantity {
    let all = readings(name, at: now)
    return all.count == 1 ? all[0].used : -1
  }

  mutating func ask(_ spend: Spend, _ tags: TagSet = .empty, partial: Bool = false, at now: Moment) -> Decision {
    check(SpendRequest(tags: tags, spend: spend, partial: partial), now: now)
  }

  mutating func hold(
    _ spend: Spend, _ tags: TagSet = .empty, ttl: Interval? = nil, secret: UInt64 = 1, at now: Moment
  ) -> ReservationID? {
    guard
      case .granted(let id, _, _) = reserve(SpendRequest(tags: tags, spend: spend), ttl: ttl, secret: secret, now: now)
    else { return nil }
    return id
  }

  /// The kinds of events since the last call, in order.
  mutating func told() -> [BudgetEvent.Kind] { takeEvents().compactMap(\.budgetEvent).map(\.kind) }

  /// Every series by its labels.
  mutating func seriesByLabels(at now: Moment) -> [String: SeriesRow] {
    let view = view(now: now)
    var found: [String: SeriesRow] = [:]
    for row in view.series where row.labelsLength > 0 {
      found[String(decoding: row.labelText, as: UTF8.self)] = row
    }
    return found
  }
}
