/// The highest of what is offered, at most a fixed number of them, in falling order.
///
/// An offer costs O(1) when it is too low and O(capacity) otherwise.
struct Ranking<Rank: Comparable & Sendable>: Sendable {
  private let capacity: Int
  private(set) var entries: [(rank: Rank, index: Int)] = []

  init(capacity: Int) {
    self.capacity = max(0, capacity)
    entries.reserveCapacity(self.capacity)
  }

  /// Of equals, whoever came first stays first.
  @inline(__always)
  mutating func offer(_ rank: Rank, index: Int) {
    guard entries.count < capacity || (entries.last.map { rank > $0.rank } ?? false) else { return }
    if entries.count == capacity { entries.removeLast() }
    let place = entries.firstIndex { $0.rank < rank } ?? entries.count
    entries.insert((rank, index), at: place)
  }
}
