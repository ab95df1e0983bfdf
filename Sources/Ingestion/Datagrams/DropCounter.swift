/// Turns the kernel's 32-bit count of dropped datagrams into one that never wraps.
///
/// Exact as long as fewer than 2^31 datagrams are dropped between two observations.
struct DropCounter {
  private var last: UInt32 = 0

  /// How many more were dropped since the last observation; 0 for a reading older than that.
  mutating func observe(_ reading: UInt32) -> Int {
    let step = reading &- last
    guard step < 1 << 31 else { return 0 }
    last = reading
    return Int(step)
  }
}
