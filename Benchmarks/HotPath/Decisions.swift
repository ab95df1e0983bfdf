import BudgetCore

/// Reserve and settle, again and again, on a ledger that has seen each combination of tags before.
///
/// As many reservations are open as in a busy pod, and each is settled for less than it holds.
struct Decisions: ~Copyable {
  private static let inFlight = 1_000

  private var ledger: Ledger
  private var now = Instant(seconds: 1_800_000_000)
  private let tags: [[Tag]]
  private var open: [ReservationID] = []
  private var oldest = 0
  private(set) var pairs: Int64 = 0

  init(settings: LedgerSettings, series: Int) {
    ledger = Ledger(settings: settings, seed: 0x5eed)
    tags = stride(from: 0, to: series, by: 2).map { Pod.tags($0) }
    for number in 0..<Self.inFlight { open.append(reserve(request(tags[number % tags.count]))) }
  }

  /// One pair for each combination of tags. Requests are made before, as a server makes them from bodies.
  mutating func round() {
    let requests = tags.map { request($0) }
    let actuals = tags.map { _ in Self.spend(input: 790, output: 150) }
    requests.withUnsafeBufferPointer { requests in actuals.withUnsafeBufferPointer { settleEach(requests, $0) } }
    pairs += Int64(requests.count)
  }

  /// What an instruction counter collects: no more than the pairs, and what they let go of.
  @inline(never)
  private mutating func settleEach(
    _ requests: UnsafeBufferPointer<SpendRequest>, _ actuals: UnsafeBufferPointer<Spend>
  ) {
    for index in requests.indices {
      now = now + Interval(nanoseconds: 1_000)
      let id = open[oldest]
      open[oldest] = reserve(requests[index])
      oldest = oldest + 1 == Self.inFlight ? 0 : oldest + 1
      guard case .settled(_, isRepeat: false) = ledger.settle(id, actual: actuals[index], now: Moment(now)) else {
        preconditionFailure("a reservation could not be settled")
      }
    }
  }

  @inline(__always)
  private mutating func reserve(_ request: SpendRequest) -> ReservationID {
    guard case .granted(let id, _, _) = ledger.reserve(request, ttl: nil, secret: 7, now: Moment(now)) else {
      preconditionFailure("a reservation was not granted")
    }
    return id
  }

  private func request(_ tags: [Tag]) -> SpendRequest {
    SpendRequest(tags: TagSet(tags), spend: Self.spend(input: 800, output: 200))
  }

  private static func spend(input: Int64, output: Int64) -> Spend {
    Spend(
      tokens: [TokenAmount(kind: .input, count: input), TokenAmount(kind: .output, count: output)], requests: 1)
  }
}
