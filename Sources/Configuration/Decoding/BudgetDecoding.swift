import BudgetCore

/// What budgets inherit when they do not say it themselves.
struct BudgetDefaults {
  var warnAt = Ratio(millionths: 800_000)
  var throttleAt: Ratio?
  var onForecast: Budget.ForecastAction?
  var mode = Budget.Mode.enforce
  var reservationTTL = Interval.minutes(10)
  var onExpiry = Budget.ExpiryPolicy.charge
  var timezone = "UTC"
  var zone = TimeZoneRules.utc
}

/// `defaults:` and `budgets:`.
extension ConfigurationDecoder {
  private static let mostBudgets = 1000
  private static let ttlRange = Interval.seconds(1)...Interval.days(31)

  mutating func budgetDefaults(_ field: Field?) -> BudgetDefaults {
    var result = BudgetDefaults()
    let keys = ["warn_at", "throttle_at", "on_forecast", "mode", "reservation_ttl", "on_expiry", "timezone"]
    guard let section = section(field, keys: keys) else { return result }
    inherit(section, &result)
    if let (name, zone) = zone(section["timezone"]) {
      result.timezone = name
      result.zone = zone
    }
    return result
  }

  mutating func budgets(_ field: Field?, defaults: BudgetDefaults) -> [Budget] {
    let example = "- { name: agent-daily, per: [agent], limit: { tokens: 500_000 }, window: { calendar: day } }"
    guard let elements = sequence(field, atMost: Self.mostBudgets, example: example) else { return [] }
    var budgets: [Budget] = []
    var lines: [String: Int] = [:]
    var hierarchy = Hierarchy()
    for element in elements {
      guard element.node.isNull == false else {
        fail(element, "must be a budget, got nothing", "Write for example \(example)")
        continue
      }
      budgets += budget(element, defaults, &lines, &hierarchy)
    }
    check(hierarchy, of: budgets)
    return budgets
  }

  /// One entry: as many budgets as it has limits.
  private mutating func budget(
    _ field: Field, _ defaults: BudgetDefaults, _ lines: inout [String: Int], _ hierarchy: inout Hierarchy
  ) -> [Budget] {
    let keys = [
      "name", "match", "per", "limit", "window", "warn_at", "mode", "reservation_ttl", "on_expiry", "preset",
      "rollover", "parent", "throttle_at", "on_forecast", "on_exceed",
    ]
    guard let section = section(field, keys: keys) else { return [] }
    let name = name(section, &lines)
    let preset: BudgetPreset? = choice(section["preset"])
    var values = defaults
    inherit(section, &values)
    let countsOwn = !isNone(section["match"])
    let match = countsOwn ? match(section["match"]) : []
    let per = tags(section["per"], use: .account, atMost: 8, example: "[agent]") ?? []
    // A preset that is misspelled would leave the limit and the window missing: one error is enough.
    let isPreset = section["preset"] != nil
    let limits = limits(section["limit"], in: field, preset: preset, required: !isPreset)
    let window = window(section["window"], in: field, defaults: defaults, required: !isPreset)
    let rollover = rollover(section["rollover"], window: window)
    checkThrottle(section["throttle_at"], window: window, mode: values.mode)
    checkForecast(section["on_forecast"], window: window, mode: values.mode)
    let graces = stopGraces(section["on_exceed"], units: limits.map(\.0), mode: values.mode)
    guard let name, let window else { return [] }
    let parent = hierarchy.add(section, name: name, countsOwn: countsOwn)
    return limits.map { unit, limit in
      Budget(
        name: name, match: match, countsOwn: countsOwn, parent: parent, per: per, unit: unit, limit: limit,
        window: window, warnAt: values.warnAt, throttleAt: values.throttleAt, mode: values.mode,
        reservationTTL: values.reservationTTL, onExpiry: values.onExpiry, rollover: rollover, stopGrace: graces[unit],
        onForecast: values.onForecast)
    }
  }

  /// Takes over what the section says itself.
  private mutating func inherit(_ section: Section, _ values: inout BudgetDefaults) {
    if let value = ratio(section["warn_at"]) { values.warnAt = value }
    if let value = ratio(section["throttle_at"]) { values.throttleAt = value }
    if let value = choice(section["on_forecast"], of: Budget.ForecastAction.self) { values.onForecast = value }
    if let value = choice(section["mode"], of: Budget.Mode.self) { values.mode = value }
    if let value = duration(section["reservation_ttl"], in: Self.ttlRange, example: "10m") {
      values.reservationTTL = value
    }
    if let value = choice(section["on_expiry"], of: Budget.ExpiryPolicy.self) { values.onExpiry = value }
  }

  mutating func name(
    _ section: Section, _ lines: inout [String: Int], of kind: String = "budget", example: String = "agent-daily"
  ) -> String? {
    guard let field = section["name"] else {
      fail(section.field, "has no name", "Write for example name: \(example)")
      return nil
    }
    let expected = "a name of 1 to 64 letters, digits, _ . : or -"
    guard let name = text(field, expected: expected, example: example) else { return nil }
    let valid = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_.:-".utf8.contains(byte)
    }
    guard valid, (1...64).contains(name.utf8.count) else { return wrong(field, expected, example) }
    if let line = lines[name] {
      fail(field, "the name \(name.quotedForMessage) is taken by the \(kind) on line \(line)", "Give it another name")
      return nil
    }
    lines[name] = field.node.mark.line
    return name
  }

  /// Tag conditions; any tag may be compared, also with a glob.
  private mutating func match(_ field: Field?) -> [TagPattern] {
    guard let field, !field.node.isNull else { return [] }
    guard case .mapping(let entries) = field.node.content else {
      return wrong(field, "a mapping of tags to patterns", "{ agent: \"support-*\" }") ?? []
    }
    guard entries.count <= 16 else {
      fail(field, "has \(entries.count) tags, more than 16", "Keep at most 16")
      return []
    }
    return entries.compactMap { entry in
      let value = Field(node: entry.value, path: field.path(of: printable(entry.key)))
      let expected = "a pattern of 1 to 256 bytes"
      guard isUsable(entry.key, entry.mark, value.path, .match),
        let glob = text(value, expected: expected, example: "\"support-*\"")
      else { return nil }
      guard (1...256).contains(glob.utf8.count) else { return wrong(value, expected, "\"support-*\"") }
      return TagPattern(key: entry.key, glob: glob)
    }
  }
}
