// The capture's rows in the form that is stored. Meant to run outside the lock.
extension LedgerCapture {
  /// About how many bytes the rows take when they are written: room to reserve.
  package var estimatedLength: Int {
    let seriesLength = series.reduce(0) { $0 + Int($1.labelsLength) + 24 } + histograms.count * 130
    let identifiers = (duplicates.young.count + duplicates.old.count) * 16
    return 4096 + seriesLength + accounts.count * 192 + scopeCounters.count * 320 + reservations.count * 160
      + estimates.count * 200 + identifiers + activities.estimatedLength
      + forecasts.count * 704
  }

  /// Every series that ever counted something, in the order of its row.
  package func forEachSeries(_ body: (SavedSeries) -> Void) {
    for row in series where !row.seen.isEmpty || row.histogram >= 0 {
      body(
        SavedSeries(
          labels: row.labelText, seen: row.seen, carry: row.carry, itemCarry: row.itemCarry, tokens: row.tokens,
          requests: row.requests,
          items: row.items, cost: row.cost, lastUse: Instant(nanoseconds: row.lastUse),
          histogram: row.histogram >= 0 ? histograms[Int(row.histogram)] : nil))
    }
  }

  /// Every account, oldest place first. `SavedReservation.Hold.account` counts in this order.
  package func forEachAccount(_ body: (SavedAccount) -> Void) {
    for index in occupiedAccounts {
      let account = accounts[index]
      let budget = budgets[account.budget]
      var saved = SavedAccount(
        budget: budget.name, unit: budget.unit,
        tags: accountIdentities[index].tags,
        window: window(of: account, rule: budget.window), windowStart: account.windowStart, used: account.used,
        reserved: account.reserved, usedTotal: account.usedTotal, shownTotal: account.shownTotal,
        level: account.level, lastUse: account.lastUse)
      saved.isStopped = account.isStopped
      body(saved)
    }
  }

  private func window(of account: Account, rule: WindowRule) -> SavedAccount.Window {
    switch rule {
    case .rolling(let length):
      var amounts = (0..<RollingBuckets.count).map { age in
        rings[account.ring + RollingBuckets.place(account.bucket.saturatingSubtract(Int64(age)))]
      }
      amounts[0] += account.unsettled
      return .rolling(width: RollingBuckets.width(of: length), newest: account.bucket, amounts: amounts)
    case .fixed, .calendar: return .period(end: account.windowEnd)
    case .lifetime: return .lifetime(turns: Instant(nanoseconds: account.turnsAt))
    }
  }

  package func forEachScope(_ body: (SavedScope) -> Void) {
    for (index, key) in scopeKeys.enumerated() {
      guard let scope = key.first, Int(scope) < scopes.count else { continue }
      body(
        SavedScope(
          scope: scopes[Int(scope)], value: String(decoding: key.dropFirst(), as: UTF8.self),
          counters: scopeCounters[index]))
    }
  }

  /// Every slot of the reservations, in order. Holds on accounts that are gone are left out.
  package func forEachReservation(_ body: (SavedReservation) -> Void) {
    var ordinals = [Int](repeating: -1, count: accounts.count)
    for (ordinal, index) in occupiedAccounts.enumerated() { ordinals[index] = ordinal }
    for slot in reservations {
      var holds: [SavedReservation.Hold] = []
      for hold in slot.holds {
        let account = Int(hold.account)
        guard ordinals[account] >= 0, accounts[account].serial == hold.accountSerial else { continue }
        holds.append(
          SavedReservation.Hold(
            account: ordinals[account], amount: hold.amount, chargedBucket: hold.charged?.bucket ?? 0,
            chargedWindow: hold.charged?.windowStart))
      }
      body(
        SavedReservation(
          serial: slot.id.serial, secret: slot.id.secret,
          state: SavedReservation.State(rawValue: slot.state.rawValue) ?? .released, tags: slot.tags.tags,
          spend: slot.spend,
          holds: holds, deadline: slot.deadline))
    }
  }

  /// The slots of reservations whose output was estimated. A redacted capture has none.
  package var outputSources: [(slot: Int, source: OutputSource)] {
    reservations.enumerated().compactMap { slot, reservation in
      reservation.outputSource == .given ? nil : (slot, reservation.outputSource)
    }
  }

  /// The slots of reservations that are over, in the order in which they are used again.
  package var closedSlots: [UInt32] { Array(closedReservations) }

  package var savedDuplicates: SavedDuplicates {
    SavedDuplicates(
      seed: duplicates.seed, turned: duplicates.turned,
      young: duplicates.young.map { SavedDuplicates.Key(high: $0.high, low: $0.low) },
      old: duplicates.old.map { SavedDuplicates.Key(high: $0.high, low: $0.low) })
  }

  /// Every learned distribution.
  package var savedEstimates: [SavedEstimate] { estimates.saved }

  package var savedTallies: [SavedTally] {
    zip(budgets, tallies).map { budget, tally in
      SavedTally(
        budget: budget.name, unit: budget.unit, decisions: tally.decisions.indices.map { tally.decisions[$0] },
        events: tally.events.indices.map { tally.events[$0] },
        overshoot: tally.overshoot.indices.map { tally.overshoot[$0] })
    }
  }
}
