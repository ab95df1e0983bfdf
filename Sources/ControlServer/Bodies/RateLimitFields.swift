import BudgetCore

/// The `RateLimit-Policy` and `RateLimit` fields of an answer (draft-ietf-httpapi-ratelimit-headers-11): what proxies
/// and client libraries read without knowing our bodies.
///
/// A policy is a budget in one unit, `"agent-daily:tokens"`; its partition key is the account's tags, `agent=a,user=b`
/// in base64. Costs are counted in millionths of a dollar, because the fields know whole numbers only.
struct RateLimitFields {
  /// An answer has no more policies than that: a header section is no place for a table.
  static let mostPolicies = 8
  /// The largest integer of a structured field (RFC 9651, section 3.3.1).
  private static let largestInteger: Quantity = 999_999_999_999_999

  private var policies = ""
  private var limits = ""
  private var count = 0

  /// An account without a limit has no policy. `wait`: until more is available than now, where that is known.
  mutating func add(_ account: AccountStatus, wait: Interval?) {
    guard let limit = account.limit else { return }
    let tags = account.tags.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    add(
      "\(account.budget.name):\(account.budget.unit.name)", account.budget.unit, quota: limit,
      available: account.remaining ?? 0, window: account.windowLength, wait: wait, partition: tags)
  }

  /// - Parameter name: also of other things that run out than budgets, for example of a pool.
  mutating func add(
    _ name: String, _ unit: BudgetUnit, quota: Quantity, available: Quantity, window: Interval? = nil,
    wait: Interval?, partition: String = ""
  ) {
    guard count < Self.mostPolicies else { return }
    count += 1
    let name = Self.string(name)
    let key = partition.isEmpty ? "" : ";pk=:\(Base64.encode(partition.utf8)):"
    if count > 1 {
      policies += ", "
      limits += ", "
    }
    policies += "\(name);q=\(Self.integer(quota, unit))"
    if unit != .requests { policies += ";qu=\"\(unit == .cost ? "micro-usd" : unit.name)\"" }
    if let window { policies += ";w=\(Self.seconds(window))" }
    policies += key
    limits += "\(name);r=\(Self.integer(available, unit))"
    if let wait { limits += ";t=\(Self.seconds(wait))" }
    limits += key
  }

  /// No fields when there is nothing to tell.
  var fields: [(String, String)] {
    count == 0 ? [] : [("ratelimit-policy", policies), ("ratelimit", limits)]
  }

  private static func integer(_ amount: Quantity, _ unit: BudgetUnit) -> Quantity {
    max(0, min(unit == .cost ? amount / 1_000_000 : amount, largestInteger))
  }

  private static func seconds(_ interval: Interval) -> Int64 {
    Int64(min(Quantity(max(1, interval.secondsRoundedUp)), largestInteger))
  }

  /// A string of a structured field has printable ASCII only: anything else stands as `_`.
  private static func string(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { quoted += "\\" }
      quoted.unicodeScalars.append((0x20...0x7E).contains(scalar.value) ? scalar : "_")
    }
    return quoted + "\""
  }
}

extension AccountStatus {
  /// How long the window is, as it stands now: a calendar day may have 23 hours. `nil` for a lifetime.
  fileprivate var windowLength: Interval? {
    switch budget.window {
    case .rolling(let length), .fixed(let length): length
    case .calendar: resetsAt.map { $0 - windowStart }
    case .lifetime: nil
    }
  }
}
