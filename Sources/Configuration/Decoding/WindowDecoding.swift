import BudgetCore

/// `window:` of a budget, and the time zones of calendar windows.
extension ConfigurationDecoder {
  private static let lengths = Interval.seconds(1)...Interval.days(366)
  private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
  private static let kinds = ["rolling", "fixed", "calendar", "lifetime"]
  private static let calendarOnly = ["timezone", "starts_at", "week_starts"]

  /// `nil` when it is wrong or missing; without `required`, a missing one is a calendar day.
  mutating func window(
    _ field: Field?, in budget: Field, defaults: BudgetDefaults, required: Bool
  ) -> WindowRule? {
    let example = "window: { calendar: day }"
    guard let field else {
      guard required else {
        return .calendar(CalendarRule(period: .day, zoneName: defaults.timezone, zone: defaults.zone))
      }
      fail(budget, "a budget needs a window", "Write for example \(example), { rolling: 24h } or { lifetime: {} }")
      return nil
    }
    guard !field.node.isNull else {
      return wrong(field, "one of \(list(Self.kinds))", "{ calendar: day }")
    }
    guard let section = section(field, keys: Self.kinds + Self.calendarOnly) else { return nil }
    let given = Self.kinds.filter { section[$0] != nil }
    guard given.count == 1 else {
      let which = given.isEmpty ? "none" : list(given)
      fail(field, "must have exactly one of \(list(Self.kinds)), got \(which)", "Write for example \(example)")
      return nil
    }
    for key in Self.calendarOnly where given[0] != "calendar" {
      guard let extra = section[key] else { continue }
      fail(extra, "only a calendar window has \(key)", "Remove it, or write for example { calendar: day }")
    }
    switch given[0] {
    case "rolling":
      return duration(section["rolling"], in: Self.lengths, example: "24h").map { .rolling($0) }
    case "fixed":
      return duration(section["fixed"], in: Self.lengths, example: "1h").map { .fixed($0) }
    case "lifetime":
      let lifetime = self.section(section["lifetime"], keys: ["idle_expiry"])
      return .lifetime(idleExpiry: duration(lifetime?["idle_expiry"], in: Self.lengths, example: "1h"))
    default:
      return calendar(section, defaults).map { .calendar($0) }
    }
  }

  private mutating func calendar(_ section: Section, _ defaults: BudgetDefaults) -> CalendarRule? {
    var rule = CalendarRule(period: .day, zoneName: defaults.timezone, zone: defaults.zone)
    if let (name, rules) = zone(section["timezone"]) {
      rule.zoneName = name
      rule.zone = rules
    }
    let starts = timeOfDay(section["starts_at"])
    let weekday = choice(section["week_starts"], among: Self.weekdays)
    guard let period: CalendarRule.Period = choice(section["calendar"]) else { return nil }
    rule.period = period
    if let starts {
      rule.startOfDay = starts
      if rule.period == .hour, let field = section["starts_at"] {
        fail(field, "a calendar hour starts on the full hour", "Remove starts_at, or use a day or longer")
      }
    }
    if let weekday, let index = Self.weekdays.firstIndex(of: weekday) {
      rule.firstWeekday = UInt8(index + 1)
      if rule.period != .week, let field = section["week_starts"] {
        fail(field, "only a calendar week has week_starts", "Remove it, or write calendar: week")
      }
    }
    return rule
  }

  /// `06:00` in seconds after midnight.
  private mutating func timeOfDay(_ field: Field?) -> Int32? {
    let expected = "a time from 00:00 to 23:59"
    guard let field, let text = text(field, expected: expected, example: "\"06:00\"") else { return nil }
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
      [0, 1, 3, 4].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) })
    else { return wrong(field, expected, "\"06:00\"") }
    let digits = bytes.map { Int32($0) - 48 }
    let hour = digits[0] * 10 + digits[1]
    let minute = digits[3] * 10 + digits[4]
    guard hour < 24, minute < 60 else { return wrong(field, expected, "\"06:00\"") }
    return hour * 3600 + minute * 60
  }

  mutating func zone(_ field: Field?) -> (name: String, rules: TimeZoneRules)? {
    let expected = "the name of a time zone"
    guard let field, let name = text(field, expected: expected, example: "Europe/Berlin") else { return nil }
    if let rules = knownZones[name] { return (name, rules) }
    do throws(ZoneError) {
      let rules = try zones.rules(named: name)
      knownZones[name] = rules
      return (name, rules)
    } catch {
      let quoted = name.quotedForMessage
      let remedy = "Write an IANA name such as Europe/Berlin, or UTC"
      switch error {
      case .invalidName, .unknown: fail(field, "there is no time zone \(quoted)", remedy)
      case .noZoneData(let directories):
        fail(
          field, "no time zone data for \(quoted) in \(list(directories))",
          "Install the package tzdata, or write UTC")
      case .unreadable(let failure):
        fail(field, "the file of the time zone \(quoted) cannot be read: \(failure.message)", remedy)
      case .notAZone(let reason):
        fail(field, "the file of the time zone \(quoted) cannot be used (\(reason))", remedy)
      }
      return nil
    }
  }
}
