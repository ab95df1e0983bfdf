internal import CHints

/// Maps byte strings to small dense numbers that stay valid until the key is removed.
///
/// Open addressing with linear probing over 8-byte slots (32 bits of hash, 32 bits of entry); removal
/// shifts back, so there are no tombstones. Lookup, insertion and removal are O(key length) expected.
/// What belongs to a key stands in a slab beside the table, at the key's number.
package struct KeyTable: ~Copyable {
  private struct Entry {
    var key: UnsafeRawPointer
    var length: UInt32
    var hash: UInt32
  }

  private static let vacantLength = UInt32.max

  private var slots: UnsafeMutablePointer<UInt64>
  private var mask: Int
  private var entries = Slab<Entry>()
  private var vacant: [Int32] = []
  private var storage = BytePages()
  private var garbage = 0
  /// Keys in the table.
  package private(set) var count = 0

  package init() {
    slots = .allocate(capacity: 32)
    slots.initialize(repeating: 0, count: 32)
    mask = 31
  }

  deinit { slots.deallocate() }

  /// One more than the largest number in use.
  package var limit: Int { entries.count }

  /// Pages that keep every current key's address alive, for a reader outside the lock.
  package var pages: [BytePage] { storage.pages }

  /// The number of a key, or -1.
  @inline(__always)
  package func find(_ start: UnsafeRawPointer, count length: Int, hash: UInt64) -> Int {
    let short = UInt32(truncatingIfNeeded: hash)
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while true {
      let content = slots[slot]
      if content == 0 { return -1 }
      if UInt32(truncatingIfNeeded: content >> 32) == short {
        let index = Int(UInt32(truncatingIfNeeded: content)) - 1
        let entry = entries[index]
        if Int(entry.length) == length, ByteHash.equal(entry.key, start, count: length) { return index }
      }
      slot = (slot + 1) & mask
    }
  }

  /// The number of the key that `find` most likely meets for this hash, or -1. Looks at no key.
  @inline(__always)
  func guess(hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while true {
      let content = slots[slot]
      // Of an empty slot it says -1 too.
      if UInt32(truncatingIfNeeded: content >> 32) == UInt32(truncatingIfNeeded: hash) {
        return Int(UInt32(truncatingIfNeeded: content)) &- 1
      }
      if content == 0 { return -1 }
      slot = (slot &+ 1) & mask
    }
  }

  /// Whether these bytes are the key with this number. Any number will do.
  @inline(__always)
  func isKey(_ index: Int, _ start: UnsafeRawPointer, count length: Int) -> Bool {
    guard UInt(bitPattern: index) < UInt(bitPattern: entries.count) else { return false }
    let entry = entries.pointer(index)
    return Int(entry.pointee.length) == length && ByteHash.equal(entry.pointee.key, start, count: length)
  }

  /// Asks the memory for where the search for this hash starts.
  @inline(__always)
  func fetchSlot(hash: UInt64) { chints_fetch(slots + (Int(truncatingIfNeeded: hash >> 32) & mask)) }

  @inline(__always)
  func fetchEntry(_ index: Int) { entries.fetch(index) }

  /// Asks for the bytes of a key, as far as most keys go.
  @inline(__always)
  func fetchKey(_ index: Int) {
    let key = entries.pointer(index).pointee.key
    chints_fetch(key)
    chints_fetch(key + 63)
  }

  /// Adds a key that is not in the table; returns its number: one that was vacated, or `limit`.
  package mutating func insert(_ start: UnsafeRawPointer, count length: Int, hash: UInt64) -> Int {
    if (count + 1) * 4 > (mask + 1) * 3 { rehash(capacity: (mask + 1) * 2) }
    let key = storage.append(start, count: length)
    let entry = Entry(key: key, length: UInt32(length), hash: UInt32(truncatingIfNeeded: hash))
    let index: Int
    if let free = vacant.popLast() {
      index = Int(free)
      entries[index] = entry
    } else {
      index = entries.append(entry)
    }
    homes.append(UInt32(truncatingIfNeeded: hash >> 32), at: index)
    place(index)
    count += 1
    return index
  }

  /// Removes the key with this number. `true` when other keys moved to new addresses.
  @discardableResult
  package mutating func remove(_ index: Int) -> Bool {
    let removed = entries[index]
    precondition(removed.length != Self.vacantLength, "removing a key twice")
    var hole = slotOf(index)
    var probe = hole
    while true {
      probe = (probe + 1) & mask
      let content = slots[probe]
      if content == 0 { break }
      let home = Int(homes[Int(UInt32(truncatingIfNeeded: content)) - 1]) & mask
      if ((probe - home) & mask) >= ((probe - hole) & mask) {
        slots[hole] = content
        hole = probe
      }
    }
    slots[hole] = 0
    garbage += Int(removed.length)
    entries[index].length = Self.vacantLength
    vacant.append(Int32(index))
    count -= 1
    guard garbage > 256 * 1024, garbage > storage.byteCount / 2 else { return false }
    compact()
    return true
  }

  package mutating func removeAll() {
    entries.removeAll()
    homes.removeAll()
    vacant.removeAll()
    storage = BytePages()
    garbage = 0
    count = 0
    slots.update(repeating: 0, count: mask + 1)
  }

  /// The bytes of a key, valid until the table changes (or as long as a copy of `pages` lives).
  package func key(_ index: Int) -> UnsafeRawBufferPointer {
    let entry = entries[index]
    guard entry.length != Self.vacantLength else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: entry.key, count: Int(entry.length))
  }

  package func isOccupied(_ index: Int) -> Bool {
    index < entries.count && entries[index].length != Self.vacantLength
  }

  // The upper half of each key's hash: where its search starts. Apart from `Entry` to keep that at 16 bytes.
  private var homes = HomeList()

  private struct HomeList: ~Copyable {
    private var values = Slab<UInt32>()

    init() {}

    subscript(index: Int) -> UInt32 { values[index] }

    mutating func append(_ value: UInt32, at index: Int) {
      if index == values.count { values.append(value) } else { values[index] = value }
    }

    mutating func removeAll() { values.removeAll() }
  }

  private func slotOf(_ index: Int) -> Int {
    var slot = Int(homes[index]) & mask
    while UInt32(truncatingIfNeeded: slots[slot]) != UInt32(index + 1) { slot = (slot + 1) & mask }
    return slot
  }

  private func place(_ index: Int) {
    var slot = Int(homes[index]) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = UInt64(entries[index].hash) << 32 | UInt64(index + 1)
  }

  private mutating func rehash(capacity: Int) {
    slots.deallocate()
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: 0, count: capacity)
    mask = capacity - 1
    for index in 0..<entries.count where entries[index].length != Self.vacantLength { place(index) }
  }

  /// Moves the living keys to new pages. Readers that hold the old pages keep them.
  private mutating func compact() {
    var fresh = BytePages()
    for index in 0..<entries.count where entries[index].length != Self.vacantLength {
      entries[index].key = fresh.append(entries[index].key, count: Int(entries[index].length))
    }
    storage = fresh
    garbage = 0
  }
}
