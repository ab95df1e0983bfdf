package import BudgetCore

/// A ledger that was made of foreign bytes, used as a sidecar would use it.
package enum Trial {
  /// Everything that is read of a ledger and done to it by the clock, now and in windows to come.
  /// - Returns: what should not be, in words.
  package static func use(_ ledger: inout Ledger, from start: Moment) -> [String] {
    var faults = ledger.checkInvariants()
    let tags = TagSet([Tag(key: TagName.agent, value: "a"), Tag(key: "session", value: "s")])
    let spend = Spend(tokens: [TokenAmount(kind: .output, count: 10)], requests: 1)
    for pause in [Interval.zero, .seconds(90), .hours(30)] {
      let now = Moment(wall: start.wall + pause, steady: start.steady + pause)
      _ = ledger.record(spend, tags: tags, id: nil, duration: nil, now: now)
      _ = ledger.reserve(SpendRequest(tags: tags, spend: spend), ttl: .minutes(2), secret: 1, now: now)
      ledger.maintain(now: now)
      _ = ledger.view(now: now)
      _ = ledger.accountStatuses(now: now)
      _ = ledger.usage(by: "agent", in: .hour, top: 5, now: now)
      _ = ledger.takeEvents()
      faults += ledger.checkInvariants()
    }
    return faults
  }
}
