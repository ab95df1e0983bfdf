/// Remembers ids of usage for 15 minutes, to count what arrives twice only once.
///
/// Two generations of 128-bit keyed hashes: an id is found in either; each 15 minutes (or when the younger
/// is full) the older one is dropped. So an id is remembered for 15 to 30 minutes, at 16 bytes and a set's
/// overhead each, unless more than `capacity` ids arrive in that time.
struct DuplicateFilter: Sendable {
  struct Key: Hashable, Sendable {
    var high: UInt64
    var low: UInt64

    init(high: UInt64, low: UInt64) {
      self.high = high
      self.low = low
    }

    init(id: String, seed: UInt64) {
      let bytes = Array(id.utf8)
      high = ByteHash.hash(bytes, seed: seed)
      low = ByteHash.hash(bytes, seed: seed ^ 0x9E37_79B9_7F4A_7C15)
    }
  }

  static let memory = Interval.minutes(15)

  private(set) var young: Set<Key> = []
  private(set) var old: Set<Key> = []
  private(set) var turned: Instant?
  private let capacity: Int
  /// Part of the state: ids must hash alike after a restart.
  let seed: UInt64

  init(capacity: Int, seed: UInt64) {
    self.capacity = max(2, capacity)
    self.seed = seed
  }

  /// What was remembered before a restart.
  init(capacity: Int, seed: UInt64, turned: Instant?, young: Set<Key>, old: Set<Key>) {
    self.init(capacity: capacity, seed: seed)
    self.turned = turned
    self.young = young
    self.old = old
  }

  mutating func insert(id: String, now: Instant) -> Bool { insert(Key(id: id, seed: seed), now: now) }

  /// Whether the id is new; remembers it.
  mutating func insert(_ key: Key, now: Instant) -> Bool {
    if let turned, now - turned < Self.memory, young.count < capacity / 2 {
      // The younger generation goes on.
    } else {
      let age = turned.map { now - $0 } ?? .days(1)
      old = age >= Interval.minutes(30) ? [] : young
      young = []
      // After a pause the generation that starts is as old as the pause, or ids would be kept for longer.
      turned = age >= Self.memory && age < Interval.minutes(30) ? now - age + Self.memory : now
    }
    if old.contains(key) || young.contains(key) { return false }
    young.insert(key)
    return true
  }
}
