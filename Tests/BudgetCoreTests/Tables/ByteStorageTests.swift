import Testing

@testable import BudgetCore

@Suite("Slab and byte pages")
struct ByteStorageTests {
  /// Counts how many of it live.
  private final class Token {
    let live: Counter

    init(_ live: Counter) {
      self.live = live
      live.count += 1
    }

    deinit { live.count -= 1 }
  }

  private final class Counter { var count = 0 }

  @Test("a slab keeps its elements over growth, in place changes included")
  func slab() {
    var slab = Slab<Int>(minimumCapacity: 1)
    for number in 0..<1000 {
      let index = slab.append(number)
      #expect(index == number)
    }
    slab.append(repeating: -1, count: 5000)
    slab[17] = 170
    slab[5999] += 1
    let copy = slab.copy()
    #expect(copy == Array(0..<17) + [170] + Array(18..<1000) + Array(repeating: -1, count: 4999) + [0])
    slab.removeAll()
    let count = slab.count
    #expect(count == 0)
  }

  @Test("a slab owns what it holds: nothing leaks and nothing goes twice")
  func slabOwnership() {
    let live = Counter()
    do {
      var slab = Slab<Token>()
      for _ in 0..<100 { slab.append(Token(live)) }
      slab[3] = Token(live)
      #expect(live.count == 100)
      slab.removeAll()
      #expect(live.count == 0)
      for _ in 0..<50 { slab.append(Token(live)) }
    }
    #expect(live.count == 0)
  }

  @Test("appended bytes keep their address, whatever comes after")
  func pages() {
    var random = ZoneRandom("BytePages")
    var pages = BytePages()
    var places: [(address: UnsafeRawPointer, bytes: [UInt8])] = []
    for number in 0..<2000 {
      let length = number % 100 == 99 ? 100_000 : Int.random(in: 0...300, using: &random)
      let bytes = Array(repeating: UInt8(truncatingIfNeeded: number), count: length)
      let address = bytes.withUnsafeBytes { pages.append($0.baseAddress ?? ByteHash.emptyByte, count: length) }
      places.append((address, bytes))
    }
    let count = pages.byteCount
    #expect(count == places.reduce(0) { $0 + $1.bytes.count })
    for place in places {
      #expect(Array(UnsafeRawBufferPointer(start: place.address, count: place.bytes.count)) == place.bytes)
    }
  }
}
