import BudgetCore

/// One caller of a trial: what it wants, and until when it waits.
struct TrialCaller: Sendable {
  /// What is wanted of one minute.
  private struct Wish {
    var calls: Int64
    var input: Int64
    var output: Int64
    var requests: Int64
    let day: Int64
    /// The calls it began with.
    let size: Int64

    /// Takes a number of calls out of it, with their share of the rest.
    mutating func take(_ count: Int64) -> Wish {
      func share(_ amount: Int64) -> Int64 { Int64(clamping: Quantity(amount) * Quantity(count) / Quantity(calls)) }
      let part = Wish(
        calls: count, input: share(input), output: share(output), requests: share(requests), day: day, size: count)
      calls -= part.calls
      input -= part.input
      output -= part.output
      requests -= part.requests
      return part
    }
  }

  let tags: TagSet
  /// Index in `CallerTrial.shares`.
  let share: Int
  private var wishes: [Wish] = []
  private var next = 0
  /// Seconds since 1970 before which it does not call.
  private var restsUntil = 0.0
  /// A minute's calls are made in so many reservations; in more when single ones would have to wait too long.
  private var portions: Int64 = leastPortions
  /// Calls in a minute: it is never faster than in the busiest minute it had, whatever has piled up.
  private var speed: Int64 = 1

  private static let leastPortions: Int64 = 10
  private static let mostPortions: Int64 = 1 << 20

  init(tags: TagSet, share: Int) {
    self.tags = tags
    self.share = share
  }

  var isWaiting: Bool { next < wishes.count }

  var waitingCalls: Int64 { wishes[next...].reduce(0) { $0 + $1.calls } }

  /// Adds its share of a row's minute.
  mutating func want(_ row: Trace.Row, minutes: Int64, at time: Int64) {
    let shares = CallerTrial.shares
    let below = shares[..<share].reduce(0) { $0 + $1.percent }
    func own(_ amount: Int64) -> Int64 {
      // Rounded so that the shares of all callers add up.
      let ofMinute = amount / minutes
      func upTo(_ percent: Int64) -> Int64 { Int64(clamping: Quantity(ofMinute) * Quantity(percent) / 100) }
      return upTo(below + shares[share].percent) - upTo(below)
    }
    let wish = Wish(
      calls: own(row.requests), input: own(row.inputTokens), output: own(row.outputTokens),
      requests: own(row.requests), day: time / 86_400, size: own(row.requests))
    if wish.calls > 0 { wishes.append(wish) }
    speed = max(speed, wish.calls)
  }

  /// Makes calls from one time to another, as fast as it is let.
  mutating func call(from time: Int64, until end: Int64, _ ledger: inout Ledger, _ counts: inout [CallerTrial.Counts]) {
    guard isWaiting, restsUntil < Double(end) else { return }
    var clock = max(Double(time), restsUntil)
    while next < wishes.count, clock < Double(end) {
      let part = wishes[next].take(min(wishes[next].calls, max(1, wishes[next].size / portions)))
      if wishes[next].calls == 0 { next += 1 }
      let now = Moment(Instant(seconds: time) + .milliseconds(Int64((clock - Double(time)) * 1000)))
      let duration = 60 * Double(part.calls) / Double(speed)
      var request = SpendRequest(
        tags: tags,
        spend: Spend(
          tokens: [TokenAmount(kind: .input, count: part.input), TokenAmount(kind: .output, count: part.output)],
          requests: part.requests))
      request.priority = CallerTrial.shares[share].priority
      switch ledger.reserve(request, ttl: nil, secret: 1, now: now) {
      case .granted(let id, let decision, _):
        _ = ledger.settle(id, actual: nil, now: now)
        counts[share].granted += part.calls
        if decision.delay > .zero { counts[share].delayed += part.calls }
        if time / 86_400 > part.day { counts[share].late += part.calls }
        clock += max(decision.delay.inSeconds, duration)
        follow(decision.delay)
      case .denied, .tableFull:
        counts[share].denied += part.calls
        clock += duration
      }
    }
    restsUntil = clock
    if next == wishes.count {
      wishes.removeAll(keepingCapacity: true)
      next = 0
    }
  }

  /// Many calls in one reservation wait no longer than one: they are parted as far as needed to wait as single ones do.
  private mutating func follow(_ delay: Interval) {
    if delay > .seconds(30) {
      portions = min(Self.mostPortions, portions * 2)
    } else if delay < .seconds(5) {
      portions = max(Self.leastPortions, portions / 2)
    }
  }
}
