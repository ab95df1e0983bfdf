import Testing

@testable import Ingestion

@Suite("Counting what the kernel dropped")
struct DropCounterTests {
  @Test(
    "readings of a wrapping counter add up to one that does not wrap",
    arguments: [
      ([], 0), ([0, 0], 0), ([5], 5), ([5, 5, 7], 7), ([7, 5, 7, 8], 8),
      ([0x7FFF_FFFF, 0xFFFF_FFFE, 3], 0x1_0000_0003), ([0x7FFF_FFFF, 0xFFFF_FFFE, 0, 0xFFFF_FFFF, 1], 0x1_0000_0001),
    ] as [([UInt32], Int)])
  func addsUp(readings: [UInt32], total: Int) {
    var counter = DropCounter()
    var sum = 0
    for reading in readings { sum += counter.observe(reading) }
    #expect(sum == total)
  }
}
