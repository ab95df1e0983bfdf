import Glibc

func pause(milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }

/// Looks again until `condition` holds; false if it does not within `seconds`.
func eventually(seconds: Double = 10, _ condition: () -> Bool) -> Bool {
  let deadline = steadySeconds() + seconds
  while !condition() {
    guard steadySeconds() < deadline else { return false }
    pause(milliseconds: 1)
  }
  return true
}

func steadySeconds() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// How long `body` took, in milliseconds.
func milliseconds(_ body: () -> Void) -> Double {
  let start = steadySeconds()
  body()
  return (steadySeconds() - start) * 1000
}
