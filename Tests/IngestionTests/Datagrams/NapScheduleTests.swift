import Testing

@testable import Ingestion

@Suite("When a receiver naps")
struct NapScheduleTests {
  private static let capacity = 8 << 20

  @Test("a thread that woke for nothing blocks again")
  func idleBlocks() {
    var schedule = NapSchedule()
    #expect(schedule.pause(datagrams: 0, queued: 0, capacity: Self.capacity) == .untilReadable)
    #expect(schedule.pause(datagrams: 0, queued: 0, capacity: Self.capacity) == .untilReadable)
  }

  @Test("while something comes naps grow to the longest, and after empty naps the thread blocks")
  func napsGrowAndEnd() {
    var schedule = NapSchedule()
    let lengths = (0..<6).map { _ in schedule.pause(datagrams: 3, queued: 2000, capacity: Self.capacity) }
    #expect(lengths == [200_000, 400_000, 800_000, 1_600_000, 2_000_000, 2_000_000].map { .nap(nanoseconds: $0) })
    #expect(schedule.pause(datagrams: 0, queued: 0, capacity: Self.capacity) == .nap(nanoseconds: 2_000_000))
    #expect(schedule.pause(datagrams: 0, queued: 0, capacity: Self.capacity) == .untilReadable)
    #expect(schedule.pause(datagrams: 3, queued: 0, capacity: Self.capacity) == .nap(nanoseconds: 200_000))
  }

  @Test("a buffer that fills shortens the naps, down to the shortest; one half full ends them")
  func fullBuffersShorten() {
    var schedule = NapSchedule()
    _ = schedule.pause(datagrams: 100, queued: 0, capacity: Self.capacity)
    let filling = Self.capacity / 8 + 1
    let lengths = (0..<3).map { _ in schedule.pause(datagrams: 100, queued: filling, capacity: Self.capacity) }
    #expect(lengths == [100_000, 100_000, 100_000].map { .nap(nanoseconds: $0) })
    let halfFull = Self.capacity / 2 + 1
    #expect(schedule.pause(datagrams: 100, queued: halfFull, capacity: Self.capacity) == .untilReadable)
  }

  @Test("between an eighth and a thirty-second full the nap is right")
  func steady() {
    var schedule = NapSchedule()
    for _ in 0..<10 {
      let pause = schedule.pause(datagrams: 100, queued: Self.capacity / 16, capacity: Self.capacity)
      #expect(pause == .nap(nanoseconds: 200_000))
    }
  }

  @Test("without knowledge of the buffer naps stay short")
  func unknownCapacity() {
    var schedule = NapSchedule()
    for _ in 0..<10 {
      #expect(schedule.pause(datagrams: 100, queued: 0, capacity: 0) == .nap(nanoseconds: 200_000))
    }
  }
}
