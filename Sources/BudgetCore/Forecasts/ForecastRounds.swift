/// Whose turn it is to be fed: every account once a minute, a few at a time.
///
/// A round begins with a minute and takes 50 seconds of calls that come often, the first one too, which begins with the
/// first call. Who calls seldom gets all that is due.
struct ForecastRounds {
  /// The minute of the steady clock at which the last round began.
  private(set) var minute: Int64?
  /// Every account was looked at once.
  private(set) var isPastFirst = false
  private var cursor = 0
  private var isOver = true
  /// How far the round was due to come at the last call, and when that was.
  private var due = 0
  private var last: Instant?
  /// Nobody called for as long as a round takes: all of the next one is due when it begins.
  private var isSeldom = false

  /// So many are fed in a call: about half a millisecond.
  static let most = 500
  private static let length = Interval.seconds(50)

  /// The places to look at in this call, and whether more are due already. O(1).
  mutating func next(of limit: Int, minute now: Int64, _ steady: Instant) -> (range: Range<Int>, hasMore: Bool) {
    let passed = last.map { min(Self.length, max(.zero, steady - $0)) } ?? .zero
    last = steady
    if passed == Self.length { isSeldom = true }
    if isOver, minute != now {
      (minute, isOver, cursor, due) = (now, false, 0, isSeldom ? limit : 0)
      isSeldom = false
    }
    guard !isOver else { return (0..<0, false) }
    let share = Int(clamping: Int64(limit).saturatingMultiply(passed.nanoseconds) / Self.length.nanoseconds)
    due = min(limit, max(due + share, Self.most))
    let end = min(due, cursor + Self.most)
    let range = min(cursor, end)..<end
    cursor = end
    if cursor >= limit { (isOver, isPastFirst) = (true, true) }
    // After a round that was late the next one may be due at once.
    return (range, cursor < due || isOver && minute != now)
  }
}
