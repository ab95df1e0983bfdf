import BudgetCore

/// An account as everything that ever happened to it.
struct NaiveAccount {
  struct Key: Hashable, Comparable {
    var budget: Int
    var values: [String]

    static func < (left: Key, right: Key) -> Bool {
      (left.budget, left.values.joined(separator: ",")) < (right.budget, right.values.joined(separator: ","))
    }
  }

  struct Charge {
    var at: Int64
    var amount: Quantity
    /// How often the account's lifetime had ended before.
    var life: Int
    /// The reservation whose expiry made it.
    var reservation: Int?
    /// An operator has set the use to nothing since.
    var isCleared = false
  }

  /// Something that changes a limit, until a time or for good.
  struct Term {
    var amount: Quantity?
    var until: Int64?

    func holds(at now: Int64) -> Bool { until.map { $0 > now } ?? true }
  }

  let budget: NaiveBudget
  var charges: [Charge] = []
  var life = 0
  var lifeStart: Int64
  var lastUse: Int64
  var reserved: Quantity = 0
  var override: Term?
  var topUps: [Term] = []
  /// The start of the window that `rolledOver` is for.
  private var window: Int64
  private(set) var rolledOver: Quantity = 0

  init(_ budget: NaiveBudget, now: Int64) {
    self.budget = budget
    lifeStart = now
    lastUse = now
    window = budget.period(at: now)?.start ?? 0
  }

  // MARK: Use

  func used(at now: Int64) -> Quantity {
    charges.reduce(0) { counts($1, at: now) ? $0 + $1.amount : $0 }
  }

  private func counts(_ charge: Charge, at now: Int64) -> Bool {
    if charge.isCleared { return false }
    switch budget.rule.window {
    case .rolling(let length):
      // Sixty buckets of a sixtieth, rounded up, and the one that fills.
      let width = (length.nanoseconds + 59) / 60
      return charge.at / width >= now / width - 60
    case .fixed, .calendar: return charge.at >= budget.period(at: now)!.start
    case .lifetime: return charge.life == life
    }
  }

  mutating func charge(_ amount: Quantity, at time: Int64, reservation: Int? = nil) {
    charges.append(Charge(at: time, amount: amount, life: life, reservation: reservation))
    lastUse = time
  }

  /// Use that is told late counts in the window of its own time.
  mutating func charge(_ amount: Quantity, told now: Int64, of past: Int64) {
    let charge = Charge(at: past, amount: amount, life: life, reservation: nil)
    charges.append(charge)
    if counts(charge, at: now) { lastUse = now }
  }

  // MARK: Limit

  func limit(at now: Int64, budgetOverride: Term?) -> Quantity? {
    guard let base = base(at: now, budgetOverride: budgetOverride) else { return nil }
    let most = base * Quantity(budget.rule.rollover?.millionths ?? 0) / 1_000_000
    return topUps.reduce(base + min(rolledOver, most)) { $1.holds(at: now) ? $0 + ($1.amount ?? 0) : $0 }
  }

  private func base(at now: Int64, budgetOverride: Term?) -> Quantity? {
    if let override, override.holds(at: now) { return override.amount }
    if let budgetOverride, budgetOverride.holds(at: now) { return budgetOverride.amount }
    return budget.rule.limit
  }

  /// Whether the limit stays as it is while time passes.
  func hasLastingLimit(budgetOverride: Term?) -> Bool {
    topUps.isEmpty && override?.until == nil && budgetOverride?.until == nil && budget.rule.rollover == nil
  }

  // MARK: Time

  /// Ends what ends by itself until `now`.
  mutating func advance(to now: Int64, budgetOverride: Term?) {
    if case .lifetime(let idle?) = budget.rule.window, reserved == 0,
      max(lastUse, lifeStart) + idle.nanoseconds <= now
    {
      life += 1
      lifeStart = now
      topUps.removeAll { $0.until == nil }
    }
    topUps.removeAll { !$0.holds(at: now) }
    if let override, !override.holds(at: now) { self.override = nil }
    guard let period = budget.period(at: now), period.start != window else { return }
    window = period.start
    guard let share = budget.rule.rollover, let base = base(at: now, budgetOverride: budgetOverride) else {
      rolledOver = 0
      return
    }
    let before = budget.period(at: period.start - 1)!.start
    let used = charges.reduce(Quantity(0)) {
      $1.at >= before && $1.at < period.start && !$1.isCleared ? $0 + $1.amount : $0
    }
    rolledOver = min(base * Quantity(share.millionths) / 1_000_000, max(0, base - used))
  }

  /// Whether housekeeping forgets it: it is no different from a new one, and nobody used it for an hour, or for a week
  /// when its days are forecast.
  func isForgettable(at now: Int64, budgetOverride: Term?) -> Bool {
    guard !budget.rule.per.isEmpty, used(at: now) == 0, reserved == 0, override == nil, topUps.isEmpty else {
      return false
    }
    guard now - lastUse > 3_600_000_000_000 else { return false }
    if budget.hasForecastDays, limit(at: now, budgetOverride: budgetOverride) != nil,
      now - lastUse < 7 * 86_400_000_000_000
    {
      return false
    }
    guard rolledOver > 0, let period = budget.period(at: now) else { return true }
    return now - lastUse > 2 * (period.end - period.start)
  }
}
