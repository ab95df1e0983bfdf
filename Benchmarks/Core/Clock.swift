import Glibc

/// The two clocks of the measures.
enum Clock {
  /// CPU time of this thread.
  case thread
  /// CPU time of all threads.
  case process
  /// Time that passed, interruptions included.
  case monotonic

  @inline(__always)
  var nanoseconds: Int64 {
    var time = timespec()
    clock_gettime(identifier, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  @inline(__always)
  private var identifier: clockid_t {
    switch self {
    case .thread: CLOCK_THREAD_CPUTIME_ID
    case .process: CLOCK_PROCESS_CPUTIME_ID
    case .monotonic: CLOCK_MONOTONIC
    }
  }
}

/// Times of single steps, in nanoseconds.
struct Latencies {
  private var times: [Int64] = []

  mutating func append(_ time: Int64) { times.append(time) }

  func quantile(_ share: Double) -> Double {
    Double(times.sorted()[min(times.count - 1, Int(Double(times.count) * share))])
  }

  var figures: [Figure] {
    [("p50_ns", 0.5), ("p99_ns", 0.99), ("p999_ns", 0.999)].map { Figure($0, quantile($1)) }
  }

  /// Two readings of the clock with nothing between them.
  static var ofTheClock: Latencies {
    var times = Latencies()
    for _ in 0..<100_000 {
      let start = Clock.monotonic.nanoseconds
      times.append(Clock.monotonic.nanoseconds - start)
    }
    return times
  }
}

extension [Double] {
  var median: Double { sorted()[count / 2] }
}
