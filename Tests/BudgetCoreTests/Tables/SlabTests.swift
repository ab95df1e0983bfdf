import Testing

@testable import BudgetCore

@Suite("Slabs")
struct SlabTests {
  private final class Counted {
    static nonisolated(unsafe) var living = 0
    let number: Int

    init(_ number: Int) {
      self.number = number
      Self.living += 1
    }

    deinit { Self.living -= 1 }
  }

  @Test("what is removed from the end is let go of at once, what stands before it stays")
  func removesLast() {
    var slab = Slab<Counted>(minimumCapacity: 2)
    for number in 0..<9 { slab.append(Counted(number)) }
    slab.removeLast()
    let (afterOne, count) = (Counted.living, slab.count)
    slab.removeLast(3)
    slab.append(Counted(100))
    let numbers = (0..<slab.count).map { slab[$0].number }
    slab.removeLast(slab.count)
    #expect(afterOne == 8 && count == 8)
    #expect(numbers == [0, 1, 2, 3, 4, 100])
    #expect(slab.count == 0 && Counted.living == 0)
  }
}
