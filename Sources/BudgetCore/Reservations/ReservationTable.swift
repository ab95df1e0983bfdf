/// Open reservations, their deadlines, and as many closed ones as are remembered for late or repeated settles.
///
/// Making, finding and closing are O(log open) for the deadline and O(1) otherwise.
struct ReservationTable: ~Copyable {
  private(set) var slots = Slab<Reservation>()
  /// Closed places, oldest first: used again when the table is full of them.
  private var closed: [UInt32] = []
  private var closedHead = 0
  private var deadlines = Slab<Deadline>()
  private(set) var openCount = 0
  let capacity: Int

  /// A deadline in the heap; stale when its slot has moved on.
  struct Deadline {
    var at: Instant
    var slot: UInt32
    var serial: UInt32
  }

  init(capacity: Int) { self.capacity = max(1, capacity) }

  /// The reservations of before a restart, each in its slot.
  /// - Parameter closed: the slots of those that are over, in the order in which they are used again.
  init(capacity: Int, slots: [Reservation], closed: [UInt32]) {
    self.init(capacity: capacity)
    self.closed = closed
    for reservation in slots {
      self.slots.append(reservation)
      guard reservation.state == .held else { continue }
      openCount += 1
      push(Deadline(at: reservation.deadline, slot: reservation.id.slot, serial: reservation.id.serial))
    }
  }

  /// The slots of closed reservations, in the order in which they are used again.
  var closedSlots: ArraySlice<UInt32> { closed[closedHead...] }

  var isFull: Bool { openCount >= capacity }

  /// The reservation in a slot.
  subscript(slot: Int) -> Reservation {
    unsafeAddress { UnsafePointer(slots.address(slot)) }
    unsafeMutableAddress { slots.address(slot) }
  }

  /// The slot of a reservation that is remembered, open or closed.
  func slot(of id: ReservationID) -> Int? {
    let slot = Int(id.slot)
    guard slot < slots.count, slots[slot].id == id else { return nil }
    return slot
  }

  /// Takes a slot for a reservation that holds nothing yet; what was remembered there is forgotten.
  mutating func open(tags: consuming TagSet, spend: consuming Spend, deadline: Instant, secret: UInt64) -> Int {
    let slot: Int
    if closed.count - closedHead >= capacity {
      slot = Int(closed[closedHead])
      closedHead += 1
      if closedHead > 1024, closedHead * 2 > closed.count {
        closed.removeFirst(closedHead)
        closedHead = 0
      }
      // The next to be used again: by then it is in the caches.
      if closedHead < closed.count { slots.fetchWhole(Int(closed[closedHead])) }
      slots[slot].reopen(tags: tags, spend: spend, deadline: deadline, secret: secret)
    } else {
      let id = ReservationID(slot: UInt32(slots.count), serial: 0, secret: secret)
      slot = slots.append(
        Reservation(id: id, state: .held, tags: tags, spend: spend, deadline: deadline))
    }
    openCount += 1
    push(Deadline(at: deadline, slot: UInt32(slot), serial: slots[slot].id.serial))
    return slot
  }

  /// Moves the marks of charges on an account: O(slots).
  mutating func moveMarks(of account: Int, serial: UInt32, to mark: WindowMark) {
    for slot in 0..<slots.count {
      for hold in slots[slot].holds.indices where slots[slot].holds[hold].charged != nil {
        let found = slots[slot].holds[hold]
        if Int(found.account) == account, found.accountSerial == serial { slots[slot].holds[hold].charged = mark }
      }
    }
  }

  /// Moves the marks of charges into the windows that their accounts came to: O(slots).
  /// - Parameter windows: by account.
  mutating func moveMarks(_ windows: [Int: MovedWindow]) {
    for slot in 0..<slots.count {
      for index in slots[slot].holds.indices {
        let hold = slots[slot].holds[index]
        guard let mark = hold.charged, let window = windows[Int(hold.account)], mark.windowStart == window.from,
          hold.accountSerial == window.serial
        else { continue }
        slots[slot].holds[index].charged?.windowStart = window.to
      }
    }
  }

  /// Closes a held reservation, or changes how a closed one is remembered.
  mutating func close(_ slot: Int, as state: Reservation.State) {
    if slots[slot].state == .held {
      openCount -= 1
      closed.append(UInt32(slot))
    }
    slots[slot].state = state
  }

  /// The slot of the next reservation whose deadline has passed; the caller closes it.
  mutating func nextExpired(now: Instant) -> Int? {
    while deadlines.count > 0, deadlines[0].at <= now {
      let first = deadlines[0]
      popDeadline()
      if isOpen(first) { return Int(first.slot) }
    }
    return nil
  }

  /// No reservation expires before.
  var nextDeadline: Instant {
    @inline(__always) get { deadlines.count > 0 ? deadlines[0].at : .distantFuture }
  }

  private func isOpen(_ deadline: Deadline) -> Bool {
    let slot = Int(deadline.slot)
    return slots[slot].id.serial == deadline.serial && slots[slot].state == .held
  }

  /// The open reservations that hold something on an account, the next to expire first. O(places): only asked
  /// when a denial needs it.
  func holds(on account: Int) -> [Reservation] {
    guard openCount > 0 else { return [] }
    var found: [Reservation] = []
    for slot in 0..<slots.count where slots[slot].state == .held && slots[slot].amount(on: account) > 0 {
      found.append(slots[slot])
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
      swap(child, parent)
      child = parent
    }
  }

  private mutating func popDeadline() {
    deadlines[0] = deadlines[deadlines.count - 1]
    deadlines.removeLast()
    if deadlines.count > 1 { sink(0) }
  }

  private mutating func swap(_ one: Int, _ other: Int) {
    (deadlines[one], deadlines[other]) = (deadlines[other], deadlines[one])
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      let (left, right) = (2 * parent + 1, 2 * parent + 2)
      guard left < deadlines.count else { return }
      let first = right < deadlines.count && deadlines[right].at < deadlines[left].at ? right : left
      guard deadlines[first].at < deadlines[parent].at else { return }
      swap(parent, first)
      parent = first
    }
  }

  private mutating func dropStale() {
    var kept = 0
    for index in 0..<deadlines.count where isOpen(deadlines[index]) {
      deadlines[kept] = deadlines[index]
      kept += 1
    }
    deadlines.removeLast(deadlines.count - kept)
    for index in stride(from: deadlines.count / 2, through: 0, by: -1) where index < deadlines.count { sink(index) }
  }
}

/// An account whose window is another since the clock was set.
struct MovedWindow {
  /// Of the account.
  var serial: UInt32
  /// The starts of its windows.
  var from: Instant
  var to: Instant
}
