// Reserve, settle, release, expire: each one step over every account that matches.
package enum ReserveOutcome: Sendable {
  case granted(ReservationID, Decision, expiresAt: Instant)
  case denied(Decision)
  /// As many reservations are open as the bounds allow.
  case tableFull
}

package enum SettleOutcome: Sendable {
  /// The accounts after it. `isRepeat`: it had been settled before and nothing was counted now.
  case settled([AccountStatus], isRepeat: Bool)
  case unknown
}

package enum ReleaseOutcome: Sendable {
  case released([AccountStatus])
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
    let (decision, demands) = decide(request, creating: true, now: now)
    guard decision.stop == nil else {
      counters.stoppedDenials += 1
      return .denied(decision)
    }
    tally(demands, now: now)
    guard decision.verdict != .deny else { return .denied(decision) }
    var length = ttl ?? demands.map { settings.budgets[$0.place.budget].reservationTTL }.min() ?? .minutes(10)
    // Who is asked to wait is not charged for the wait.
    length = min(max(length, .milliseconds(1)), Self.longestTTL) + decision.delay
    for demand in demands { pace(demand.place.account, demand.amount, now: now) }
    let holds = demands.map { demand in
      Reservation.Hold(
        account: demand.place.account, accountSerial: accounts[demand.place.account].serial, amount: demand.amount,
        charged: nil)
    }
    for hold in holds { accounts[hold.account].reserved += hold.amount }
    let id = reservations.open(
      tags: request.tags.removing(TagName.tokenType), spend: decision.granted, holds: holds,
      deadline: now.steady + length, secret: secret, outputSource: decision.outputSource)
    counters.reservationsGranted += 1
    var held = decision
    held.accounts = demands.map { status($0.place, now: now) }
    return .granted(id, held, expiresAt: now.wall + length)
  }

  /// Counts what was really used and lets go of the hold. The second settle of an id counts nothing; a settle
  /// after the deadline replaces what the expiry charged.
  /// - Parameter actual: `nil` charges what was reserved.
  package mutating func settle(_ id: ReservationID, actual: Spend?, now: Moment) -> SettleOutcome {
    expireReservations(now: now)
    guard let reservation = reservations[id] else { return .unknown }
    if reservation.state == .settled {
      return .settled(statuses(of: reservation, now: now), isRepeat: true)
    }
    let cause = letGo(reservation, now: now)
    counters.reservationsSettled += 1
    if let actual {
      compare(reservation, with: actual.bounded)
      learn(from: actual.bounded, tags: reservation.tags, now: now)
    }
    let accounts = count((actual ?? reservation.spend).bounded, tags: reservation.tags, cause: cause, now: now)
    settleLevels(of: reservation.holds, now: now)
    return .settled(accounts, isRepeat: false)
  }

  /// Lets go of a hold without counting anything.
  package mutating func release(_ id: ReservationID, now: Moment) -> ReleaseOutcome {
    expireReservations(now: now)
    guard let reservation = reservations[id] else { return .unknown }
    switch reservation.state {
    case .held:
      for hold in reservation.holds where isLive(hold) { accounts[hold.account].reserved -= hold.amount }
      reservations.close(id, as: .released, holds: reservation.holds)
      counters.reservationsReleased += 1
      fallthrough
    case .released:
      return .released(statuses(of: reservation, now: now))
    case .settled, .expired:
      return .closed
    }
  }

  /// Ends every reservation whose deadline has passed. O(1) when there is none.
  ///
  /// What is charged is charged at the deadline, into the window of that time, however late it is looked at.
  package mutating func expireReservations(now: Moment) {
    while let reservation = reservations.nextExpired(now: now.steady) {
      let late = now.steady - reservation.deadline
      let then = Moment(wall: now.wall - late, steady: reservation.deadline)
      var holds = reservation.holds
      for index in holds.indices where isLive(holds[index]) {
        let account = holds[index].account
        accounts[account].reserved -= holds[index].amount
        guard holds[index].amount > 0, settings.budgets[accounts[account].budget].onExpiry == .charge else { continue }
        charge(account, holds[index].amount, now: then, cause: .underestimated)
        holds[index].charged = windowMark(account)
      }
      if holds.contains(where: { $0.charged != nil }) {
        counters.reservationsExpiredCharged += 1
      } else {
        counters.reservationsExpiredRefunded += 1
      }
      reservations.close(reservation.id, as: .expired, holds: holds)
    }
  }

  /// Ends the hold of a reservation that is about to be settled, whatever became of it; says why use may
  /// now pass a limit. Levels are settled after the real use is counted (`settleLevels`), so that a charge which
  /// is only replaced tells nobody of a crossing back and forth.
  mutating func letGo(_ reservation: Reservation, now: Moment) -> BudgetTally.OvershootCause {
    defer { reservations.close(reservation.id, as: .settled, holds: reservation.holds) }
    for hold in reservation.holds where isLive(hold) {
      switch reservation.state {
      case .held: accounts[hold.account].reserved -= hold.amount
      case .expired:
        if let mark = hold.charged { refund(hold.account, hold.amount, mark: mark, now: now) }
      case .released, .settled: break
      }
    }
    return reservation.state == .held ? .underestimated : .late
  }

  /// Re-arms what use has fallen below on the accounts of holds that ended.
  mutating func settleLevels(of holds: [Reservation.Hold], now: Moment) {
    for hold in holds where isLive(hold) { settleLevel(hold.account, now: now) }
  }

  private mutating func statuses(of reservation: Reservation, now: Moment) -> [AccountStatus] {
    var statuses: [AccountStatus] = []
    for hold in reservation.holds where isLive(hold) {
      turnIfDue(hold.account, now: now)
      statuses.append(status(hold.account))
    }
    return statuses
  }

  private func isLive(_ hold: Reservation.Hold) -> Bool {
    accounts.isOccupied(hold.account) && accounts[hold.account].serial == hold.accountSerial
  }
}
