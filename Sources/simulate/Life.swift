import BudgetCore
import NaiveLedger
import Snapshots

/// What happened in lives, to see that nothing was left untried.
struct LifeTally {
  var granted = 0
  var denied = 0
  var settled = 0
  var late = 0
  var expired = 0
  var restarts = 0
  var clockSteps = 0

  mutating func add(_ other: LifeTally) {
    granted += other.granted
    denied += other.denied
    settled += other.settled
    late += other.late
    expired += other.expired
    restarts += other.restarts
    clockSteps += other.clockSteps
  }

  var description: String {
    "\(granted) granted, \(denied) denied, \(settled) settled, \(late) of them late, \(expired) expired, "
      + "\(restarts) restarts, \(clockSteps) clock steps"
  }
}

/// One life of a ledger: random acts from a seed, and after each of them what must hold.
///
/// Callers are honest in two lives of three: they settle at most what they reserved and use nothing else. Then
/// `used + reserved <= limit` must hold for every enforcing budget, whatever else happens.
final class Life {
  private(set) var tally = LifeTally()
  private var random: SplitMix
  private let world: World
  private let isHonest: Bool
  private let verbose: Bool
  private var ledger: Ledger
  private var now: Moment
  /// What the callers remember.
  private var open: [(id: ReservationID, spend: Spend, tags: TagSet, deadline: Instant)] = []
  private var ended: [(id: ReservationID, spend: Spend)] = []
  private var tokens: Int64 = 0
  private var requests: Int64 = 0
  private var problems: [String] = []
  private var sequence: UInt64 = 0

  init(seed: UInt64, verbose: Bool) {
    var random = SplitMix(seed: seed)
    world = World(using: &random)
    isHonest = !random.chance(33)
    now = Moment(Instant(seconds: 1_780_000_000 + random.int(0...100_000_000)))
    ledger = Ledger(settings: world.settings, seed: random.next())
    self.random = random
    self.verbose = verbose
  }

  func run(steps: Int) -> [String] {
    for step in 0..<steps {
      let act = self.act()
      if verbose { print("\(step) \(now.wall.rfc3339) \(act)") }
      check(after: "step \(step), \(act)")
      if !problems.isEmpty { break }
    }
    if problems.isEmpty { checkNoLeak() }
    return problems
  }

  // MARK: Acts

  private func act() -> String {
    switch random.int(1...100) {
    case ...35: reserve()
    case ...60: settle()
    case ...66: release()
    case ...72: settleLate()
    case ...76: isHonest ? advance() : record()
    case ...90: advance()
    case ...93: stepClock()
    case ...96: restart()
    default: maintain()
    }
  }

  private func reserve() -> String {
    let tags = world.tags(using: &random)
    let request = SpendRequest(tags: tags, spend: world.spend(using: &random), partial: random.chance(30))
    let ttl: Interval? = random.chance(70) ? .seconds(random.int(1...900)) : nil
    switch ledger.reserve(request, ttl: ttl, secret: random.next(), now: now) {
    case .granted(let id, let decision, let expiresAt):
      let deadline = now.steady + (expiresAt - now.wall)
      open.append((id, decision.granted, tags, deadline))
      tally.granted += 1
      return "reserve: granted"
    case .denied(let decision):
      if decision.breaches.isEmpty { problems.append("a denial without a breach") }
      tally.denied += 1
      return "reserve: denied"
    case .tableFull:
      if open.count < world.settings.bounds.maxReservations { problems.append("the table is full too early") }
      return "reserve: full"
    }
  }

  private func settle() -> String {
    guard !open.isEmpty else { return advance() }
    let chosen = open.remove(at: Int(random.int(0...Int64(open.count - 1))))
    var actual = chosen.spend
    for index in actual.tokens.indices {
      let most = isHonest ? actual.tokens[index].count : actual.tokens[index].count * 2
      actual.tokens[index].count = random.int(0...most)
    }
    if isHonest, changesPriceStep(from: chosen.spend, to: actual) { actual = chosen.spend }
    guard case .settled(_, isRepeat: false) = ledger.settle(chosen.id, actual: actual, now: now) else {
      problems.append("an open reservation could not be settled")
      return "settle"
    }
    count(actual)
    // Again: nothing may change.
    guard case .settled(_, isRepeat: true) = ledger.settle(chosen.id, actual: actual, now: now) else {
      problems.append("a second settle was not told as one")
      return "settle"
    }
    tally.settled += 1
    return "settle"
  }

  private func changesPriceStep(from: Spend, to: Spend) -> Bool { to.promptTokens > from.promptTokens }

  private func release() -> String {
    guard !open.isEmpty else { return advance() }
    let chosen = open.remove(at: Int(random.int(0...Int64(open.count - 1))))
    guard case .released = ledger.release(chosen.id, now: now) else {
      problems.append("an open reservation could not be released")
      return "release"
    }
    if !isHonest { ended.append((chosen.id, chosen.spend)) }
    return "release"
  }

  private func settleLate() -> String {
    guard !ended.isEmpty else { return advance() }
    let chosen = ended.remove(at: Int(random.int(0...Int64(ended.count - 1))))
    switch ledger.settle(chosen.id, actual: chosen.spend, now: now) {
    case .settled(_, isRepeat: false):
      count(chosen.spend)
      tally.late += 1
      tally.settled += 1
    case .settled(_, isRepeat: true): problems.append("a late settle was taken for a second one")
    case .unknown: break  // Forgotten: as many closed ones were remembered as the bounds allow.
    }
    return "settle late"
  }

  private func record() -> String {
    let spend = world.spend(using: &random)
    guard case .counted = ledger.record(spend, tags: world.tags(using: &random), now: now) else {
      problems.append("usage without an id was taken for a duplicate")
      return "record"
    }
    count(spend)
    return "record"
  }

  private func count(_ spend: Spend) {
    tokens += spend.tokenCount
    requests += spend.requests
  }

  private func advance() -> String {
    let length: Interval =
      switch random.int(1...10) {
      case ...5: .milliseconds(random.int(1...2000))
      case ...8: .seconds(random.int(1...600))
      case 9: .minutes(random.int(1...300))
      default: .hours(random.int(1...60))
      }
    now = Moment(wall: now.wall + length, steady: now.steady + length)
    expire()
    return "advance \(DurationText.text(length))"
  }

  /// Callers' view of the deadlines: a hold that has passed its own is no longer theirs.
  private func expire() {
    for index in open.indices.reversed() where open[index].deadline <= now.steady {
      // A late settle may use what is no longer held: honest callers do not.
      if !isHonest { ended.append((open[index].id, open[index].spend)) }
      open.remove(at: index)
      tally.expired += 1
    }
  }

  private func stepClock() -> String {
    let length = Interval.seconds(random.int(-7200...7200))
    now.wall = now.wall + length
    tally.clockSteps += 1
    return "the wall clock steps by \(length.nanoseconds / 1_000_000_000) s"
  }

  private func restart() -> String {
    tally.restarts += 1
    sequence += 1
    do throws(SnapshotError) {
      let bytes = try SnapshotFile.encode(ledger.capture(now: now))
      let restored = try SnapshotFile.restore(bytes, settings: world.settings, seed: random.next(), now: now)
      ledger = restored.take()
    } catch {
      problems.append("the snapshot was refused: \(error)")
    }
    return "restart"
  }

  private func maintain() -> String {
    ledger.maintain(now: now)
    return "maintain"
  }

  // MARK: What must hold

  private func check(after act: String) {
    for broken in ledger.checkInvariants() { problems.append("after \(act): \(broken)") }
    if isHonest {
      for account in ledger.accountStatuses(now: now) where account.budget.mode == .enforce {
        guard let limit = account.limit, account.used + account.reserved > limit else { continue }
        problems.append(
          "after \(act): \(account.budget.name) has used \(account.used) and holds \(account.reserved) of \(limit)")
      }
    }
    let counted = ledger.view(now: now).series.reduce((tokens: Int64(0), requests: Int64(0))) {
      ($0.tokens + $1.tokens, $0.requests + $1.requests)
    }
    if counted.tokens != tokens || counted.requests != requests {
      problems.append("after \(act): counted \(counted), callers say \(tokens) tokens and \(requests) requests")
    }
    if ledger.openReservations != open.count {
      problems.append("after \(act): \(ledger.openReservations) reservations are open, callers know of \(open.count)")
    }
  }

  /// When every deadline has passed nothing is held any more.
  private func checkNoLeak() {
    now = Moment(wall: now.wall + .days(2), steady: now.steady + .days(2))
    for account in ledger.accountStatuses(now: now) where account.reserved != 0 {
      problems.append("\(account.budget.name) still holds \(account.reserved) after every deadline")
    }
  }
}
