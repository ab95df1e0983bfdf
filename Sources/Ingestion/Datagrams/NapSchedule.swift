/// How long a receiver waits before it looks at its socket again.
///
/// For short datagrams the cost is the wake-up: a thread that is woken by each of 30,000 datagrams a second
/// spends most of its time being woken. So it blocks only while nothing comes. As long as something does, it
/// naps for a fixed time and then takes all that has gathered, with one wake-up.
///
/// A nap is bounded by `longest`, and by the receive buffer: it is halved whenever the buffer was found more
/// than an eighth full, and doubled below a thirty-second. A buffer found more than half full gets no nap:
/// the thread looks again at once.
struct NapSchedule {
  enum Pause: Hashable {
    /// Until something arrives.
    case untilReadable
    case nap(nanoseconds: Int)
  }

  static let shortest = 100_000
  static let first = 200_000
  static let longest = 2_000_000
  /// So many naps that found nothing, and the thread blocks again.
  static let emptyNaps = 2

  private var length = Self.first
  private var empty = 0
  private var isNapping = false

  /// What to do after a look at the socket that found `datagrams` of them, in a buffer that was `queued` of
  /// `capacity` bytes full; a capacity of 0 is an unknown one.
  mutating func pause(datagrams: Int, queued: Int, capacity: Int) -> Pause {
    guard datagrams > 0 else {
      empty += 1
      guard isNapping, empty < Self.emptyNaps else {
        self = NapSchedule()
        return .untilReadable
      }
      return .nap(nanoseconds: length)
    }
    empty = 0
    if isNapping && capacity > 0 {
      if queued > capacity / 8 {
        length = max(length / 2, Self.shortest)
      } else if queued < capacity / 32 {
        length = min(length * 2, Self.longest)
      }
    }
    isNapping = capacity <= 0 || queued <= capacity / 2
    return isNapping ? .nap(nanoseconds: length) : .untilReadable
  }
}
