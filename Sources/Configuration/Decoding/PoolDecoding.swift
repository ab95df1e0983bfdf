import BudgetCore

/// `pools:`, the tokens that agents share.
extension ConfigurationDecoder {
  private static let mostPools = 100
  private static let mostTokens: Int64 = 1_000_000_000_000_000_000

  mutating func pools(_ field: Field?, defaults: BudgetDefaults) -> [Pool] {
    let example = "- { name: context, tokens: 128_000 }"
    guard let elements = sequence(field, atMost: Self.mostPools, example: example) else { return [] }
    var pools: [Pool] = []
    var lines: [String: Int] = [:]
    for element in elements {
      guard element.node.isNull == false else {
        fail(element, "must be a pool, got nothing", "Write for example \(example)")
        continue
      }
      if let pool = pool(element, defaults, &lines) { pools.append(pool) }
    }
    return pools
  }

  private mutating func pool(_ field: Field, _ defaults: BudgetDefaults, _ lines: inout [String: Int]) -> Pool? {
    let keys = [
      "name", "tokens", "lookup_ratio", "warn_at", "enforce_split", "reserve_for_critical", "window", "allocation_ttl",
    ]
    guard let section = section(field, keys: keys) else { return nil }
    let name = name(section, &lines, of: "pool", example: "context")
    if section["tokens"] == nil { fail(field, "a pool needs tokens", "Write for example tokens: 128_000") }
    let tokens = whole(section["tokens"], in: 0...Self.mostTokens, example: "128_000")
    var pool = Pool(name: name ?? "", tokens: Quantity(tokens ?? 0))
    if let value = ratio(section["lookup_ratio"]) { pool.lookupRatio = value }
    if let value = ratio(section["warn_at"]) { pool.warnAt = value }
    if let value = choice(section["enforce_split"], among: ["true", "false"]) { pool.enforceSplit = value == "true" }
    if let value = ratio(section["reserve_for_critical"]) { pool.reserveForCritical = value }
    if let field = section["window"] { pool.window = poolWindow(field, in: section.field, defaults) }
    pool.allocationTTL = duration(
      section["allocation_ttl"], in: .seconds(1)...PoolTable.longestTTL, example: "1h")
    return name == nil || tokens == nil ? nil : pool
  }

  /// `nil` is for ever.
  private mutating func poolWindow(_ field: Field, in pool: Field, _ defaults: BudgetDefaults) -> WindowRule? {
    // `lifetime` alone is what an absent window means.
    if case .scalar("lifetime", _) = field.node.content { return nil }
    switch window(field, in: pool, defaults: defaults, required: true) {
    case .lifetime(idleExpiry: nil), nil: return nil
    case .fixed(let length): return .fixed(length)
    case .calendar(let rule): return .calendar(rule)
    case .rolling, .lifetime:
      fail(
        field, "a pool's window must be fixed, calendar or lifetime without idle_expiry",
        "Write for example { calendar: day }")
      return nil
    }
  }
}
