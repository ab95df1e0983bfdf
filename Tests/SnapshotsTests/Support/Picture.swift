import BudgetCore

extension Ledger {
  /// Every number that `/metrics`, the control endpoint and a snapshot show, as sorted lines: two ledgers with
  /// the same picture are alike.
  mutating func picture(now: Moment) -> [String] {
    let view = view(now: now)
    var lines: [String] = []
    for row in view.series where !row.seen.isEmpty || row.histogram >= 0 {
      var line = "series {\(String(decoding: row.labelText, as: UTF8.self))} \(row.tokens) \(row.requests) \(row.items)"
      line += " \(row.cost) \(row.seen.rawValue) \(row.lastUse)"
      if row.histogram >= 0 { line += " \(view.histograms[Int(row.histogram)])" }
      lines.append(line)
    }
    for row in view.accounts {
      let account = row.account
      lines.append(
        "account {\(String(decoding: row.labels, as: UTF8.self))} \(account.used) \(account.reserved)"
          + " \(account.usedTotal) \(account.windowStart) \(account.windowEnd) \(account.lastUse) \(account.level)")
    }
    for row in view.scopes {
      lines.append("scope \(row.scope) \(String(decoding: row.value, as: UTF8.self)) \(row.used)")
    }
    for (index, tally) in view.tallies.enumerated() { lines.append("tally \(index) \(tally)") }
    lines += counters.named.map { "\($0.name) \($0.value)" }
    lines.append("\(view.seriesCount) series, \(view.accountCount) accounts, \(view.openReservations) reservations")
    lines.append("unpriced \(unpricedModels), sequence \(sequence)")
    return lines.sorted()
  }
}
