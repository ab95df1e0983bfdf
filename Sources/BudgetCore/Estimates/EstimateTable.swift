/// Where the distributions of one agent and model stand, good as long as the table's era lasts; -1 for none.
struct EstimatePlace {
  var model: Int32 = -1
  var pair: Int32 = -1

  /// The pair of a call that names no agent.
  static let noPair: Int32 = -2

  /// Whether each distribution that the call teaches has its place.
  var isComplete: Bool { model >= 0 && pair != -1 }
}

/// The distributions of output: one for each pair of agent and model, one for each model.
///
/// Bounded; when it is full, a pair that was not seen for an hour makes room, or the new one learns nothing of its own.
struct EstimateTable: ~Copyable {
  private(set) var keys = KeyTable()
  private(set) var distributions = Slab<OutputDistribution>()
  /// Nanoseconds on the steady clock.
  private(set) var lastUse = Slab<Int64>()
  private var pairCount = 0
  private let capacity: Int
  private let seed: UInt64
  /// When the last look for an idle entry found none: it is not repeated at each call.
  private var lastSearch = Instant.distantPast

  /// Grows whenever an entry goes away: who remembers a place compares it.
  private(set) var era: UInt32 = 0

  var tally = EstimateTally()

  private static let idleTime = Interval.hours(1)
  private static let modelMark: UInt8 = 0
  private static let pairMark: UInt8 = 1

  init(capacity: Int, seed: UInt64) {
    self.capacity = max(1, capacity)
    self.seed = seed
  }

  /// Learned distributions, over pairs and models.
  var count: Int { keys.count }
  private var modelCount: Int { keys.count - pairCount }

  // MARK: Learn and ask

  /// Learns the output of one call; answers where its distributions stand.
  @discardableResult
  mutating func learn(_ output: Int64, agent: String?, model: String, now: Instant) -> EstimatePlace {
    let ofModel = entry(Self.key(agent: nil, model: model), now: now)
    let ofPair = agent.map { entry(Self.key(agent: $0, model: model), now: now) }
    // Of the two the second may have taken a third one's room, never the first one's: they are of different kinds.
    let place = EstimatePlace(model: Int32(ofModel), pair: ofPair.map { Int32($0) } ?? EstimatePlace.noPair)
    observe(output, at: place, now: now)
    return place
  }

  /// The same where they stand. `false`, and nothing is learned, where that is not known of each.
  mutating func learn(_ output: Int64, at place: EstimatePlace, now: Instant) -> Bool {
    guard place.isComplete else { return false }
    observe(output, at: place, now: now)
    return true
  }

  private mutating func observe(_ output: Int64, at place: EstimatePlace, now: Instant) {
    let bin = OutputDistribution.bin(of: output)
    if place.model >= 0 { observe(bin: bin, at: Int(place.model), now: now) }
    if place.pair >= 0 { observe(bin: bin, at: Int(place.pair), now: now) }
  }

  private mutating func observe(bin: Int, at index: Int, now: Instant) {
    distributions[index].observe(bin: bin)
    lastUse[index] = now.nanoseconds
  }

  /// The quantile of the pair, or else of the model; `nil` when too few calls of either were seen.
  func quantile(_ share: Ratio, agent: String?, model: String) -> Int64? {
    if let agent, let own = quantile(share, key: Self.key(agent: agent, model: model)) { return own }
    return quantile(share, key: Self.key(agent: nil, model: model))
  }

  private func quantile(_ share: Ratio, key: [UInt8]) -> Int64? {
    let index = find(key)
    guard index >= 0, distributions[index].count >= OutputDistribution.enough else { return nil }
    return distributions[index].quantile(share)
  }

  /// The number of a key, made when there is none yet; -1 without room.
  private mutating func entry(_ key: [UInt8], now: Instant) -> Int {
    let index = find(key)
    if index >= 0 { return index }
    return hasRoom(for: key, now: now) ? insert(key, OutputDistribution(), lastUse: now) : -1
  }

  // MARK: Entries

  private static func key(agent: String?, model: String) -> [UInt8] {
    guard let agent else { return [modelMark] + model.utf8 }
    return [pairMark] + model.utf8 + [0xFE] + agent.utf8
  }

  private func find(_ key: [UInt8]) -> Int {
    let hash = ByteHash.hash(key, seed: seed)
    return key.withUnsafeBytes { keys.find($0.baseAddress!, count: $0.count, hash: hash) }
  }

  private mutating func insert(_ key: [UInt8], _ distribution: OutputDistribution, lastUse: Instant) -> Int {
    let hash = ByteHash.hash(key, seed: seed)
    let index = key.withUnsafeBytes { keys.insert($0.baseAddress!, count: $0.count, hash: hash) }
    if index == distributions.count {
      distributions.append(distribution)
      self.lastUse.append(lastUse.nanoseconds)
    } else {
      distributions[index] = distribution
      self.lastUse[index] = lastUse.nanoseconds
    }
    if key[0] == Self.pairMark { pairCount += 1 }
    return index
  }

  private mutating func hasRoom(for key: [UInt8], now: Instant) -> Bool {
    let mark = key[0]
    if (mark == Self.pairMark ? pairCount : modelCount) < capacity { return true }
    guard now - lastSearch >= .seconds(10) else { return false }
    var oldest = -1
    for index in 0..<keys.limit where keys.isOccupied(index) && keys.key(index)[0] == mark {
      if oldest < 0 || lastUse[index] < lastUse[oldest] { oldest = index }
    }
    guard oldest >= 0, now - Instant(nanoseconds: lastUse[oldest]) > Self.idleTime else {
      lastSearch = now
      return false
    }
    keys.remove(oldest)
    era &+= 1
    if mark == Self.pairMark { pairCount -= 1 }
    return true
  }

  // MARK: State

  /// What `key` was made of.
  static func names(inKey key: UnsafeRawBufferPointer) -> (model: String, agent: String?) {
    let parts = key.dropFirst().split(separator: 0xFE, maxSplits: 1, omittingEmptySubsequences: false)
    return (
      String(decoding: parts[0], as: UTF8.self),
      key[0] == pairMark ? String(decoding: parts[1], as: UTF8.self) : nil
    )
  }

  /// Takes over a stored distribution. `false` when there is one of that name; without room it is passed over.
  mutating func restore(_ saved: SavedEstimate, lastUse: Instant) -> Bool {
    let key = Self.key(agent: saved.agent, model: saved.model)
    guard find(key) < 0 else { return false }
    guard (saved.agent == nil ? modelCount : pairCount) < capacity else { return true }
    _ = insert(key, saved.distribution, lastUse: lastUse)
    return true
  }
}
