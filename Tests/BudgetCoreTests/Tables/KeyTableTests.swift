import Testing

@testable import BudgetCore

@Suite("Key table")
struct KeyTableTests {
  /// Beside the table: what a dictionary would hold.
  private struct Model {
    var numbers: [[UInt8]: Int] = [:]
    var keys: [Int: [UInt8]] = [:]
  }

  private func hash(_ key: [UInt8], weak: Bool) -> UInt64 {
    // A weak hash makes long runs of neighbours, where removal goes wrong if it can.
    weak ? UInt64(key.last ?? 0) % 8 << 32 | UInt64(key.first ?? 0) % 4 : ByteHash.hash(key, seed: 7)
  }

  @Test("finds what a dictionary finds, after any run of insertions and removals", arguments: [false, true])
  func random(weak: Bool) {
    var random = ZoneRandom("KeyTable, weak hash: \(weak)")
    var table = KeyTable()
    var model = Model()
    var vacated: Set<Int> = []
    for step in 0..<(weak ? 20_000 : 100_000) {
      let key = (0..<Int.random(in: 0...12, using: &random)).map { _ in UInt8.random(in: 0..<3, using: &random) }
      let hash = hash(key, weak: weak)
      let found = key.withUnsafeBytes { table.find($0.baseAddress ?? ByteHash.emptyByte, count: key.count, hash: hash) }
      guard found == model.numbers[key] ?? -1 else {
        Issue.record("step \(step): \(key) found at \(found), not \(model.numbers[key] ?? -1)")
        return
      }
      if found < 0, Bool.random(using: &random) || model.numbers.count < 100 {
        let limit = table.limit
        let number = key.withUnsafeBytes {
          table.insert($0.baseAddress ?? ByteHash.emptyByte, count: key.count, hash: hash)
        }
        #expect(vacated.isEmpty ? number == limit : vacated.contains(number))
        vacated.remove(number)
        model.numbers[key] = number
        model.keys[number] = key
      } else if found >= 0, Int.random(in: 0..<3, using: &random) == 0 {
        table.remove(found)
        vacated.insert(found)
        model.numbers[key] = nil
        model.keys[found] = nil
        let isOccupied = table.isOccupied(found)
        #expect(!isOccupied)
      }
    }
    let count = table.count
    #expect(count == model.numbers.count)
    for (number, key) in model.keys {
      let bytes = Array(table.key(number))
      let isOccupied = table.isOccupied(number)
      #expect(bytes == key && isOccupied)
    }
  }

  @Test("an empty key is a key")
  func emptyKey() {
    var table = KeyTable()
    let hash = ByteHash.hash([], seed: 1)
    let before = table.find(ByteHash.emptyByte, count: 0, hash: hash)
    let number = table.insert(ByteHash.emptyByte, count: 0, hash: hash)
    let after = table.find(ByteHash.emptyByte, count: 0, hash: hash)
    #expect(before == -1 && number == 0 && after == 0)
  }

  @Test("removing frees memory: living keys move together, and old pages stay with who holds them")
  func compaction() {
    var table = KeyTable()
    func key(_ number: Int) -> [UInt8] { Array(repeating: UInt8(number % 251), count: 500) + Array("\(number)".utf8) }
    for number in 0..<2000 {
      let bytes = key(number)
      _ = bytes.withUnsafeBytes {
        table.insert($0.baseAddress!, count: $0.count, hash: ByteHash.hash(bytes, seed: 3))
      }
    }
    let pages = table.pages
    let old = table.key(1999)
    var moved = 0
    for number in 0..<1990 where table.remove(number) { moved += 1 }
    let pagesLeft = table.pages.count
    #expect(moved >= 1)
    #expect(pagesLeft < pages.count / 3)
    for number in 1990..<2000 {
      let bytes = key(number)
      let found = bytes.withUnsafeBytes {
        table.find($0.baseAddress!, count: $0.count, hash: ByteHash.hash(bytes, seed: 3))
      }
      #expect(found == number)
    }
    withExtendedLifetime(pages) { #expect(Array(old) == key(1999)) }
  }

  @Test("starting anew forgets everything and counts from 0 again")
  func removeAll() {
    var table = KeyTable()
    for number in 0..<100 {
      let bytes = Array("key \(number)".utf8)
      _ = bytes.withUnsafeBytes { table.insert($0.baseAddress!, count: $0.count, hash: ByteHash.hash(bytes, seed: 3)) }
    }
    table.removeAll()
    let bytes = Array("key 5".utf8)
    let hash = ByteHash.hash(bytes, seed: 3)
    let found = bytes.withUnsafeBytes { table.find($0.baseAddress!, count: $0.count, hash: hash) }
    let count = table.count
    let number = bytes.withUnsafeBytes { table.insert($0.baseAddress!, count: $0.count, hash: hash) }
    #expect(found == -1 && count == 0 && number == 0)
  }
}
