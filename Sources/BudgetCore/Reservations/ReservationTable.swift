/// Open reservations, their deadlines, and as many closed ones as are remembered for late or repeated settles.
///
/// Making, finding and closing are O(log open) for the deadline and O(1) otherwise.
struct ReservationTable: ~Copyable {
  private(set) var slots: [Reservation?] = []
  /// Closed places, oldest first: used again when the table is full of them.
  private var closed: [UInt32] = []
  private var closedHead = 0
  private var deadlines: [Deadline] = []
  private(set) var openCount = 0
  let capacity: Int

  /// A deadline in the heap; stale when its slot has moved on.
  private struct Deadline {
    var at: Instant
    var slot: UInt32
    var serial: UInt32
  }

  init(capacity: Int) { self.capacity = max(1, capacity) }

  /// The reservations of before a restart, each in its slot.
  /// - Parameter closed: the slots of those that are over, in the order in which they are used again.
  init(capacity: Int, slots: [Reservation?], closed: [UInt32]) {
    self.init(capacity: capacity)
    self.slots = slots
    self.closed = closed
    for case let reservation? in slots where reservation.state == .held {
      openCount += 1
      push(Deadline(at: reservation.deadline, slot: reservation.id.slot, serial: reservation.id.serial))
    }
  }

  /// The slots of closed reservations, in the order in which they are used again.
  var closedSlots: ArraySlice<UInt32> { closed[closedHead...] }

  var isFull: Bool { openCount >= capacity }

  subscript(id: ReservationID) -> Reservation? {
    let slot = Int(id.slot)
    guard slot < slots.count, let found = slots[slot], found.id == id else { return nil }
    return found
  }

  mutating func open(
    tags: TagSet, spend: Spend, holds: [Reservation.Hold], deadline: Instant, secret: UInt64,
    outputSource: OutputSource = .given
  ) -> ReservationID {
    var slot = slots.count
    var serial: UInt32 = 0
    if closed.count - closedHead >= capacity {
      slot = Int(closed[closedHead])
      closedHead += 1
      if closedHead > 1024, closedHead * 2 > closed.count {
        closed.removeFirst(closedHead)
        closedHead = 0
      }
      serial = (slots[slot]?.id.serial ?? 0) &+ 1
    } else {
      slots.append(nil)
    }
    let id = ReservationID(slot: UInt32(slot), serial: serial, secret: secret)
    slots[slot] = Reservation(
      id: id, state: .held, tags: tags, spend: spend, holds: holds, deadline: deadline, outputSource: outputSource)
    openCount += 1
    push(Deadline(at: deadline, slot: id.slot, serial: serial))
    return id
  }

  /// Moves the marks of charges on an account: O(slots).
  mutating func moveMarks(of account: Int, serial: UInt32, to mark: WindowMark) {
    for slot in slots.indices {
      for hold in slots[slot]?.holds.indices ?? 0..<0 {
        guard let found = slots[slot]?.holds[hold], found.charged != nil else { continue }
        if found.account == account, found.accountSerial == serial { slots[slot]?.holds[hold].charged = mark }
      }
    }
  }

  /// Closes a held reservation, or changes how a closed one is remembered.
  mutating func close(_ id: ReservationID, as state: Reservation.State, holds: [Reservation.Hold]) {
    let slot = Int(id.slot)
    if slots[slot]?.state == .held {
      openCount -= 1
      closed.append(id.slot)
    }
    slots[slot]?.state = state
    slots[slot]?.holds = holds
  }

  /// The next reservation whose deadline has passed; the caller closes it.
  mutating func nextExpired(now: Instant) -> Reservation? {
    while let first = deadlines.first, first.at <= now {
      popDeadline()
      if let found = slots[Int(first.slot)], found.id.serial == first.serial, found.state == .held { return found }
    }
    return nil
  }

  /// The open reservations that hold something on an account, the next to expire first. O(places): only asked
  /// when a denial needs it.
  func holds(on account: Int) -> [Reservation] {
    guard openCount > 0 else { return [] }
    var found: [Reservation] = []
    for case let reservation? in slots where reservation.state == .held && reservation.amount(on: account) > 0 {
      found.append(reservation)
    }
    return found.sorted { $0.deadline < $1.deadline }
  }

  // MARK: A binary heap of deadlines

  private mutating func push(_ deadline: Deadline) {
    if deadlines.count > 64, deadlines.count > 2 * (openCount + 1) { dropStale() }
    deadlines.append(deadline)
    var child = deadlines.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard deadlines[child].at < deadlines[parent].at else { break }
      deadlines.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func popDeadline() {
    let last = deadlines.removeLast()
    guard !deadlines.isEmpty else { return }
    deadlines[0] = last
    sink(0)
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < deadlines.count {
        if deadlines[child].at < deadlines[smallest].at { smallest = child }
      }
      guard smallest != parent else { return }
      deadlines.swapAt(parent, smallest)
      parent = smallest
    }
  }

  private mutating func dropStale() {
    deadlines.removeAll { deadline in
      guard let found = slots[Int(deadline.slot)] else { return true }
      return found.id.serial != deadline.serial || found.state != .held
    }
    for index in stride(from: deadlines.count / 2, through: 0, by: -1) where index < deadlines.count { sink(index) }
  }
}
