import Testing

@testable import Ingestion

@Suite("Log lines are let through once in a while")
struct LogThrottleTests {
  @Test("one line for each key and interval, and the next says how many were withheld")
  func onceInAWhile() {
    var throttle = LogThrottle<String>(seconds: 10)
    let second: Int64 = 1_000_000_000
    #expect(throttle.admit("a", now: 5 * second) == 0)
    #expect(throttle.admit("a", now: 6 * second) == nil)
    #expect(throttle.admit("b", now: 6 * second) == 0)
    #expect(throttle.admit("a", now: 15 * second - 1) == nil)
    #expect(throttle.admit("a", now: 15 * second) == 2)
    #expect(throttle.admit("a", now: 25 * second) == 0)
  }
}
