import Glibc

/// The clock that deadlines inside a receiving thread are measured with.
enum SteadyClock {
  /// Nanoseconds since some moment in the past; never steps back.
  static func nanoseconds() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) &* 1_000_000_000 &+ Int64(now.tv_nsec)
  }
}
