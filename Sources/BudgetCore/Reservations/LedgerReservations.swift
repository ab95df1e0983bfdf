// Reserve, settle, release, expire: each one step over every account that matches.
package enum ReserveOutcome: Sendable {
  case granted(ReservationID, Decision, expiresAt: Instant)
  case denied(Decision)
  /// As many reservations are open as the bounds allow.
  case tableFull
}

package enum SettleOutcome: Sendable {
  /// The accounts after it. `isRepeat`: it had been settled before and nothing was counted now.
  case settled(AccountStatuses, isRepeat: Bool)
  case unknown
}

package enum ReleaseOutcome: Sendable {
  case released(AccountStatuses)
  /// Settled or expired before: there is nothing to release.
  case closed
  case unknown
}

extension Ledger {
  package static let longestTTL = Interval.days(1)

  /// Decides and holds. All matching accounts or none.
  /// - Parameter secret: a random number that makes the id hard to guess.
  package mutating func reserve(_ request: SpendRequest, ttl: Interval?, secret: UInt64, now: Moment) -> ReserveOutcome
  {
    expireReservations(now: now)
    guard !reservations.isFull else { return .tableFull }
    let judgement = judge(request, creating: true, now: now)
    guard judgement.verdict != .deny else {
      if judgement.stop == nil { tally(judgement.demands) } else { counters.stoppedDenials += 1 }
      return .denied(decision(on: judgement, now: now))
    }
    tally(judgement.demands)
    // Who is asked to wait is not charged for the wait.
    let asked = if let ttl { ttl } else { shortestTTL(of: judgement.demands) }
    let length = min(max(asked, .milliseconds(1)), Self.longestTTL) + judgement.delay
    let slot = hold(judgement, of: request, deadline: now.steady + length, secret: secret, now: now)
    return .granted(reservations[slot].id, decision(on: judgement, now: now), expiresAt: now.wall + length)
  }

  /// Does a reservation of before a crash again: what was granted is held, whatever the limits are now.
  /// - Returns: false when it cannot stand where its id says.
  mutating func reserveAgain(_ request: SpendRequest, granted: LedgerAct.Granted?, now: Moment) -> Bool {
    expireReservations(now: now)
    var judgement = judge(request, creating: true, now: now)
    guard judgement.stop == nil || granted != nil else {
      counters.stoppedDenials += 1
      return true
    }
    tally(judgement.demands)
    guard let granted else { return true }
    guard !reservations.isFull else { return false }
    judgement.outputSource = granted.outputSource
    let slot = hold(judgement, of: request, deadline: granted.deadline, secret: granted.id.secret, now: now)
    guard reservations[slot].id != granted.id else { return true }
    _ = release(reservations[slot].id, now: now)
    return false
  }

  private mutating func hold(
    _ judgement: borrowing Judgement, of request: SpendRequest, deadline: Instant, secret: UInt64, now: Moment
  ) -> Int {
    let slot = reservations.open(
      tags: request.tags.withoutTokenType, spend: judgement.granted, deadline: deadline, secret: secret)
    reservations[slot].outputSource = judgement.outputSource
    reservations[slot].route = CallRoutePlace(index: Int32(judgement.demands.route), era: calls.era)
    for index in 0..<judgement.demands.each.count {
      let demand = judgement.demands.each[index]
      let account = demand.place.account
      if !demand.answer.isFarBelow { pace(account, demand.amount, now: now) }
      accounts[account].reserved += demand.amount
      reservations[slot].holds.append(
        Reservation.Hold(account: account, accountSerial: accounts[account].serial, amount: demand.amount))
    }
    counters.reservationsGranted += 1
    return slot
  }

  private mutating func shortestTTL(of demands: borrowing Demands) -> Interval {
    var shortest: Interval?
    for index in 0..<demands.each.count {
      let own = settings.budgets[demands.each[index].place.budget].reservationTTL
      shortest = min(shortest ?? own, own)
    }
    return shortest ?? .minutes(10)
  }

  /// Counts what was really used and lets go of the hold. The second settle of an id counts nothing; a settle
  /// after the deadline replaces what the expiry charged.
  /// - Parameter actual: `nil` charges what was reserved.
  package mutating func settle(_ id: ReservationID, actual: Spend?, now: Moment) -> SettleOutcome {
    expireReservations(now: now)
    guard let slot = reservations.slot(of: id) else { return .unknown }
    // Its route comes while the hold ends.
    calls.fetch(Int(reservations[slot].route.index))
    if reservations[slot].state == .settled {
      return .settled(statuses(ofHolds: slot, now: now), isRepeat: true)
    }
    let cause = letGo(slot, now: now)
    counters.reservationsSettled += 1
    let call = reservations[slot].takeCall()
    let route: Int
    if let actual {
      route = settle(slot, of: call, with: actual, cause: cause, now: now, learning: true)
    } else {
      route = settle(slot, of: call, with: call.spend, cause: cause, now: now, learning: false)
    }
    if cause == .late { settleLevels(ofHolds: slot, now: now) }
    return .settled(statuses(ofCall: route, now: now), isRepeat: false)
  }

  /// Counts what was used under a reservation whose hold has ended.
  /// - Returns: the call's route.
  private mutating func settle(
    _ slot: Int, of call: Reservation.Call, with spend: Spend, cause: BudgetTally.OvershootCause, now: Moment,
    learning: Bool
  ) -> Int {
    let held = spend.hasSameKinds(as: call.spend) ? heldRoute(reservation: slot) : -1
    if held >= 0 { fetchSeries(of: held, kinds: spend.tokens.count) }
    guard spend.isBounded else {
      return settle(slot, of: call, with: spend.bounded, cause: cause, now: now, learning: learning)
    }
    let route = held >= 0 ? held : callRoute(of: spend, tags: call.tags, now: now)
    let totals = totals(of: spend, route: route)
    if learning {
      compare(reservation: slot, for: call.spend, with: spend, totals.sums)
      learn(from: spend, totals.sums, route: route, tags: call.tags, now: now)
    }
    // Where the call goes the way it was reserved, it is charged where it was held.
    count(spend, totals, route: route, tags: call.tags, cause: cause, heldBy: held >= 0 ? nil : slot, now: now)
    return route
  }

  /// The route that a reservation was made with; -1 when it is gone.
  private mutating func heldRoute(reservation slot: Int) -> Int {
    let place = reservations[slot].route
    return place.era == calls.era ? Int(place.index) : -1
  }

  /// Lets go of a hold without counting anything.
  package mutating func release(_ id: ReservationID, now: Moment) -> ReleaseOutcome {
    expireReservations(now: now)
    guard let slot = reservations.slot(of: id) else { return .unknown }
    switch reservations[slot].state {
    case .held:
      for index in reservations[slot].holds.indices {
        let hold = reservations[slot].holds.hold(index)
        if isLive(hold) { accounts[Int(hold.account)].reserved -= hold.amount }
      }
      reservations.close(slot, as: .released)
      counters.reservationsReleased += 1
      fallthrough
    case .released:
      return .released(statuses(ofHolds: slot, now: now))
    case .settled, .expired:
      return .closed
    }
  }

  /// Ends every reservation whose deadline has passed. O(1) when there is none.
  ///
  /// What is charged is charged at the deadline, into the window of that time, however late it is looked at.
  @inline(__always)
  package mutating func expireReservations(now: Moment) {
    guard reservations.nextDeadline <= now.steady else { return }
    expireDue(now: now)
  }

  @inline(never)
  private mutating func expireDue(now: Moment) {
    while let slot = reservations.nextExpired(now: now.steady) {
      let deadline = reservations[slot].deadline
      let then = Moment(wall: now.wall - (now.steady - deadline), steady: deadline)
      var isCharged = false
      for index in reservations[slot].holds.indices {
        let hold = reservations[slot].holds.hold(index)
        guard isLive(hold) else { continue }
        let account = Int(hold.account)
        accounts[account].reserved -= hold.amount
        guard hold.amount > 0, settings.budgets[accounts[account].budget].onExpiry == .charge else { continue }
        charge(account, hold.amount, now: then, cause: .underestimated)
        reservations[slot].holds[index].charged = windowMark(account)
        isCharged = true
      }
      if isCharged {
        counters.reservationsExpiredCharged += 1
      } else {
        counters.reservationsExpiredRefunded += 1
      }
      reservations.close(slot, as: .expired)
    }
  }

  /// Ends the hold of a reservation that is about to be settled, whatever became of it; says why use may
  /// now pass a limit. Levels are settled after the real use is counted (`settleLevels`), so that a charge which
  /// is only replaced tells nobody of a crossing back and forth.
  mutating func letGo(_ slot: Int, now: Moment) -> BudgetTally.OvershootCause {
    let state = reservations[slot].state
    for index in reservations[slot].holds.indices {
      let hold = reservations[slot].holds.hold(index)
      guard isLive(hold) else { continue }
      if state == .held {
        accounts[Int(hold.account)].reserved -= hold.amount
      } else if state == .expired, let mark = hold.charged {
        refund(Int(hold.account), hold.amount, mark: mark, now: now)
      }
    }
    reservations.close(slot, as: .settled)
    return state == .held ? .underestimated : .late
  }

  /// Re-arms what use has fallen below on the accounts of holds that ended late: only what was charged for them and is
  /// refunded makes it fall.
  mutating func settleLevels(ofHolds slot: Int, now: Moment) {
    for index in reservations[slot].holds.indices {
      let hold = reservations[slot].holds.hold(index)
      if isLive(hold) { settleLevel(Int(hold.account), now: now) }
    }
  }

  private mutating func statuses(ofHolds slot: Int, now: Moment) -> AccountStatuses {
    let live = reservations[slot].holds.filter { isLive($0) }.map { Int($0.account) }
    var room = takeStatusRoom(for: live.count)
    for (place, account) in live.enumerated() {
      turnIfDue(account, now: now)
      room[place] = figures(account)
    }
    return answer(room, count: live.count)
  }

  /// Whether the account of a hold is still the one that it was made on.
  @inline(__always)
  func isLive(_ hold: Reservation.Hold) -> Bool { accounts[Int(hold.account)].serial == hold.accountSerial }
}

extension TagSet {
  /// The tags of a call, whatever kinds of tokens it uses.
  fileprivate var withoutTokenType: TagSet { marks.contains(.tokenType) ? removing(TagName.tokenType) : self }
}
