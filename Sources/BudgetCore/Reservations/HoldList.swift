/// The holds of one reservation. The first few stand in the reservation itself: no memory of their own to fetch.
struct HoldList: RandomAccessCollection, MutableCollection, Sendable {
  private static let room = 4

  private var near = InlineArray<4, Reservation.Hold>(repeating: Reservation.Hold.none)
  private var far: [Reservation.Hold] = []
  private(set) var endIndex = 0

  var startIndex: Int { 0 }

  subscript(index: Int) -> Reservation.Hold {
    get {
      precondition(index < endIndex, "there is no such hold")
      return index < Self.room ? near[index] : far[index - Self.room]
    }
    set {
      precondition(index < endIndex, "there is no such hold")
      if index < Self.room { near[index] = newValue } else { far[index - Self.room] = newValue }
    }
  }

  /// The same as reading the element, which copies all that stand near for the one.
  @inline(__always)
  mutating func hold(_ index: Int) -> Reservation.Hold {
    precondition(index < endIndex, "there is no such hold")
    return index < Self.room ? near[index] : far[index - Self.room]
  }

  mutating func append(_ hold: Reservation.Hold) {
    if endIndex < Self.room { near[endIndex] = hold } else { far.append(hold) }
    endIndex += 1
  }

  mutating func removeAll() {
    if endIndex > Self.room { far = [] }
    endIndex = 0
  }
}
