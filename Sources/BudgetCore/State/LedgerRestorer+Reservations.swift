// Reservations keep their ids and what is left of their time. Their holds are what makes `reserved`.
extension LedgerRestorer {
  /// The next slot's reservation. Every stored account must have been added before.
  package mutating func add(_ saved: SavedReservation) throws(InconsistentState) {
    guard slots.count < StoredBounds.reservations else { throw InconsistentState("there are too many reservations") }
    try check(saved.spend)
    var holds = HoldList()
    for hold in saved.holds {
      guard places.indices.contains(hold.account) else { throw InconsistentState("a hold is on no account") }
      guard hold.amount >= 0, StoredBounds.isValid(hold.amount) else {
        throw InconsistentState("a hold's amount is out of bounds")
      }
      // Its budget is gone.
      guard let place = places[hold.account] else { continue }
      var charged: WindowMark?
      if let start = hold.chargedWindow {
        charged = mark(bucket: hold.chargedBucket, windowStart: start, in: place)
      }
      if saved.state == .held {
        let reserved = ledger.accounts[place.index].reserved + hold.amount
        guard StoredBounds.isValid(reserved) else {
          throw InconsistentState("the holds on an account are out of bounds")
        }
        ledger.accounts[place.index].reserved = reserved
      }
      holds.append(
        Reservation.Hold(
          account: place.index, accountSerial: ledger.accounts[place.index].serial, amount: hold.amount,
          charged: charged))
    }
    let id = ReservationID(slot: UInt32(slots.count), serial: saved.serial, secret: saved.secret)
    slots.append(
      Reservation(
        id: id, state: Reservation.State(rawValue: saved.state.rawValue) ?? .released, tags: TagSet(saved.tags),
        spend: saved.spend, holds: holds,
        deadline: min(clock.steady(saved.deadline), clock.now.steady + Ledger.longestTTL)))
  }

  /// The order in which slots of closed reservations are used again.
  package mutating func setClosed(_ order: [UInt32]) throws(InconsistentState) {
    var isListed = [Bool](repeating: false, count: slots.count)
    for slot in order {
      guard Int(slot) < slots.count, slots[Int(slot)].state != .held, !isListed[Int(slot)] else {
        throw InconsistentState("the order of closed reservations is none")
      }
      isListed[Int(slot)] = true
    }
    // A slot that is in neither list would never be used again.
    closed = order + slots.indices.filter { slots[$0].state != .held && !isListed[$0] }.map { UInt32($0) }
  }

  private func check(_ spend: Spend) throws(InconsistentState) {
    guard spend.requests >= 0, spend.items >= 0, spend.cost >= 0, StoredBounds.isValid(spend.cost),
      spend.tokens.allSatisfy({ $0.count >= 0 })
    else { throw InconsistentState("what a reservation holds is out of bounds") }
  }
}
