import BudgetCore

/// Every slot of the reservations in order, then the order in which closed slots are used again.
enum ReservationSection {
  static func write(_ capture: LedgerCapture, to writer: inout ByteWriter) {
    var slots = 0
    var body = ByteWriter()
    capture.forEachReservation { reservation in
      slots += 1
      write(reservation, to: &body)
    }
    writer.append(count: slots)
    writer.append(body.bytes)
    let closed = capture.closedSlots
    writer.append(count: closed.count)
    for slot in closed { writer.append(varint: UInt64(slot)) }
  }

  private static func write(_ reservation: SavedReservation, to writer: inout ByteWriter) {
    writer.append(varint: UInt64(reservation.serial))
    writer.append(fixed: reservation.secret)
    writer.append(byte: reservation.state.rawValue)
    writer.append(signed: reservation.deadline.nanoseconds)
    writer.append(reservation.tags)
    writer.append(reservation.spend)
    writer.append(count: reservation.holds.count)
    for hold in reservation.holds {
      writer.append(count: hold.account)
      writer.append(quantity: hold.amount)
      writer.append(byte: hold.chargedWindow == nil ? 0 : 1)
      guard let window = hold.chargedWindow else { continue }
      writer.append(signed: hold.chargedBucket)
      writer.append(signed: window.nanoseconds)
    }
  }

  static func read(_ reader: inout ByteReader) throws(SnapshotError) -> SavedReservation {
    guard let serial = UInt32(exactly: try reader.varint()) else {
      throw .inconsistent("a slot's count is out of bounds")
    }
    let secret: UInt64 = try reader.fixed()
    guard let state = SavedReservation.State(rawValue: try reader.byte()) else {
      throw .inconsistent("a reservation is in no known state")
    }
    let deadline = Instant(nanoseconds: try reader.signed())
    let tags = try reader.tags()
    let spend = try reader.spend()
    var holds: [SavedReservation.Hold] = []
    for _ in 0..<(try reader.count()) {
      var hold = SavedReservation.Hold(account: Int(clamping: try reader.varint()), amount: try reader.quantity())
      if try reader.byte() != 0 {
        hold.chargedBucket = try reader.signed()
        hold.chargedWindow = Instant(nanoseconds: try reader.signed())
      }
      holds.append(hold)
    }
    return SavedReservation(
      serial: serial, secret: secret, state: state, tags: tags, spend: spend, holds: holds, deadline: deadline)
  }

  static func readClosed(_ reader: inout ByteReader) throws(SnapshotError) -> [UInt32] {
    var slots: [UInt32] = []
    for _ in 0..<(try reader.count()) {
      guard let slot = UInt32(exactly: try reader.varint()) else { throw .inconsistent("a slot is out of bounds") }
      slots.append(slot)
    }
    return slots
  }
}
