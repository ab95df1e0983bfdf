/// Over which time a budget counts.
package enum WindowRule: Hashable, Sendable {
  /// The trailing length, kept in 60 buckets: used is what fell in the last length plus at most one
  /// bucket's worth of older use.
  case rolling(Interval)
  /// Lengths aligned to the Unix epoch.
  case fixed(Interval)
  /// Local calendar periods.
  case calendar(CalendarRule)
  /// For ever, or until nothing was used for `idleExpiry`.
  case lifetime(idleExpiry: Interval?)
}

/// A calendar period in a time zone, with the points at which days, weeks, months and years start.
package struct CalendarRule: Hashable, Sendable {
  package enum Period: String, CaseIterable, Sendable { case hour, day, week, month, quarter, year }

  package var period: Period
  /// The zone's name as configured, for example `Europe/Berlin`.
  package var zoneName: String
  package var zone: TimeZoneRules
  /// Seconds after local midnight at which a day (and so a week, month, quarter, year) starts: 0 to 86,399.
  package var startOfDay: Int32
  /// The first day of the week: 1 = Monday to 7 = Sunday (ISO 8601).
  package var firstWeekday: UInt8

  package init(
    period: Period, zoneName: String = "UTC", zone: TimeZoneRules = .utc, startOfDay: Int32 = 0, firstWeekday: UInt8 = 1
  ) {
    self.period = period
    self.zoneName = zoneName
    self.zone = zone
    self.startOfDay = startOfDay
    self.firstWeekday = firstWeekday
  }
}
