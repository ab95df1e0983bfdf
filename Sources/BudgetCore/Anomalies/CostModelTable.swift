/// What calls cost, for each agent.
///
/// Bounded: when it is full, the agent that was not seen for longest makes room if that is an hour or more; otherwise
/// nothing is learned of the newcomer.
struct CostModelTable: ~Copyable {
  struct Entry {
    var model: CostModel
    /// Calls whose score reached the threshold.
    var anomalies: Int64
    /// On the steady clock.
    var lastUse: Instant
  }

  private var keys = KeyTable()
  private var entries = Slab<Entry>()
  private let capacity: Int
  private let seed: UInt64
  /// Anomalies of agents that made room.
  var otherAnomalies: Int64 = 0
  private var lastSearch = Instant.distantPast
  /// Grows whenever an entry goes away: who remembers a place compares it.
  private(set) var era: UInt32 = 0

  private static let idleTime = Interval.hours(1)
  private static let searchInterval = Interval.seconds(10)

  init(capacity: Int, seed: UInt64) {
    self.capacity = max(1, capacity)
    self.seed = seed
  }

  var count: Int { keys.count }

  subscript(index: Int) -> Entry {
    unsafeAddress { UnsafePointer(entries.address(index)) }
    unsafeMutableAddress { entries.address(index) }
  }

  /// The entry of an agent, made where there is room; -1 without.
  mutating func entry(of agent: String, now: Instant) -> Int {
    let found = find(agent)
    if found >= 0 { return found }
    guard count < capacity || makeRoom(now: now) else { return -1 }
    return insert(agent, Entry(model: CostModel(), anomalies: 0, lastUse: now))
  }

  /// Every agent with its entry.
  func forEach(_ body: (String, Entry) -> Void) {
    for index in 0..<keys.limit where keys.isOccupied(index) {
      body(String(decoding: keys.key(index), as: UTF8.self), entries[index])
    }
  }

  /// Takes over a stored entry. `false` when there is one of that name; without room only its count is kept.
  mutating func restore(_ agent: String, _ entry: Entry) -> Bool {
    guard find(agent) < 0 else { return false }
    if count < capacity {
      _ = insert(agent, entry)
    } else {
      otherAnomalies = otherAnomalies.saturatingAdd(entry.anomalies)
    }
    return true
  }

  private func find(_ agent: String) -> Int {
    var key = agent
    return key.withUTF8 { bytes in
      let start = bytes.baseAddress.map { UnsafeRawPointer($0) } ?? ByteHash.emptyByte
      return keys.find(start, count: bytes.count, hash: ByteHash.hash(start, count: bytes.count, seed: seed))
    }
  }

  private mutating func insert(_ agent: String, _ entry: Entry) -> Int {
    let key = Array(agent.utf8)
    let hash = ByteHash.hash(key, seed: seed)
    let index = key.withUnsafeBytes {
      keys.insert($0.baseAddress ?? ByteHash.emptyByte, count: $0.count, hash: hash)
    }
    if index == entries.count { entries.append(entry) } else { entries[index] = entry }
    return index
  }

  private mutating func makeRoom(now: Instant) -> Bool {
    guard now - lastSearch >= Self.searchInterval else { return false }
    var oldest = -1
    for index in 0..<keys.limit where keys.isOccupied(index) {
      if oldest < 0 || entries[index].lastUse < entries[oldest].lastUse { oldest = index }
    }
    guard oldest >= 0, now - entries[oldest].lastUse > Self.idleTime else {
      lastSearch = now
      return false
    }
    otherAnomalies = otherAnomalies.saturatingAdd(entries[oldest].anomalies)
    keys.remove(oldest)
    era &+= 1
    return true
  }
}
