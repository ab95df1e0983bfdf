/// The windowed counters of every scope's values: of each agent, user, model.
struct ScopeTable: ~Copyable {
  private(set) var keys = KeyTable()
  private(set) var counters: Slab<LookbackCounters>

  init(expecting bound: Int) { counters = Slab(expecting: bound) }

  var count: Int { keys.count }

  @inline(__always)
  func fetch(_ index: Int) { counters.fetchFirstLine(index) }

  subscript(index: Int) -> LookbackCounters {
    unsafeAddress { UnsafePointer(counters.address(index)) }
    unsafeMutableAddress { counters.address(index) }
  }

  static func key(scope: Int, value: String) -> [UInt8] { [UInt8(truncatingIfNeeded: scope)] + Array(value.utf8) }

  /// The scope and value of an entry.
  func name(_ index: Int) -> (scope: Int, value: String) {
    let key = keys.key(index)
    return (Int(key[0]), String(decoding: key.dropFirst(), as: UTF8.self))
  }

  func find(key: [UInt8], hash: UInt64) -> Int {
    key.withUnsafeBytes { keys.find($0.baseAddress!, count: $0.count, hash: hash) }
  }

  mutating func insert(key: [UInt8], hash: UInt64, counters new: LookbackCounters) -> Int {
    let index = key.withUnsafeBytes { keys.insert($0.baseAddress!, count: $0.count, hash: hash) }
    if index == counters.count { counters.append(new) } else { counters[index] = new }
    return index
  }

  mutating func remove(_ index: Int) { keys.remove(index) }
}
