import BudgetCore
import NaiveLedger

/// One life of a ledger: random acts from a seed, and after each of them what must hold.
///
/// Callers are honest in two lives of three: they settle at most what they reserved and use nothing else. Then
/// `used + reserved <= limit + grace` must hold for every enforcing budget, whatever else happens, until an operator
/// or a new configuration changes a limit under what is held.
final class Life {
  /// What callers and operators know of a ledger; a crash takes the ledger and this back to one moment.
  struct Knowledge {
    /// Holds that were granted and not ended since.
    var open: [OpenHold] = []
    /// Holds that ended without a settle.
    var ended: [(id: ReservationID, spend: Spend)] = []
    var allocations: [AllocationID] = []
    var stopped: [Tag] = []
    var tokens: Int64 = 0
    var requests: Int64 = 0
    /// Tokens used of allocations.
    var poolTokens: Quantity = 0
  }

  struct OpenHold {
    var id: ReservationID
    var spend: Spend
    var tags: TagSet
    /// On the steady clock.
    var deadline: Instant
  }

  var tally = LifeTally()
  var random: SplitMix
  var world: World
  let isHonest: Bool
  private let hasOperator: Bool
  private let isReloaded: Bool
  private let verbose: Bool
  var ledger: Ledger
  var now: Moment
  var known = Knowledge()
  /// The state on disk, and what was known when it was written.
  var saved: (file: [UInt8], known: Knowledge)?
  /// Limits are still those that everything was granted under.
  var limitsAreSteady = true
  var problems: [String] = []

  init(seed: UInt64, verbose: Bool) {
    var random = SplitMix(seed: seed)
    world = World(using: &random)
    isHonest = !random.chance(33)
    hasOperator = random.chance(40)
    isReloaded = random.chance(40)
    now = Moment(Instant(seconds: 1_780_000_000 + random.int(0...100_000_000)))
    ledger = Ledger(settings: world.settings, seed: random.next())
    self.random = random
    self.verbose = verbose
  }

  func run(steps: Int) -> [String] {
    if verbose { print(world.description) }
    for step in 0..<steps {
      let act = self.act()
      if verbose { print("\(step) \(now.wall.rfc3339) \(act)") }
      check()
      if !problems.isEmpty { return problems.map { "after step \(step), \(act): \($0)" } }
    }
    checkNoLeak()
    return problems
  }

  private func act() -> String {
    switch random.int(1...120) {
    case ...35: reserve()
    case ...56: settle()
    case ...62: release()
    case ...68: settleLate()
    case ...71: isHonest ? settleByLine() : record()
    case ...74: isHonest ? advance() : line()
    case ...88: advance()
    case ...91: stepClock()
    case ...94: restart()
    case ...97: save()
    case ...98: crash()
    case ...100: isReloaded ? reload() : advance()
    case ...106: hasOperator ? operate() : advance()
    case ...116: world.settings.pools.isEmpty ? advance() : usePool()
    default: maintain()
    }
  }

  private func maintain() -> String {
    ledger.maintain(now: now)
    return "maintain"
  }

  // MARK: Time

  func advance() -> String {
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
  func expire() {
    for index in known.open.indices.reversed() where known.open[index].deadline <= now.steady {
      // A late settle may use what is no longer held: honest callers do not.
      if !isHonest { known.ended.append((known.open[index].id, known.open[index].spend)) }
      known.open.remove(at: index)
      tally.expired += 1
    }
  }

  private func stepClock() -> String {
    let length = Interval.seconds(random.int(-7200...7200))
    now.wall = now.wall + length
    ledger.followClock(now)
    tally.clockSteps += 1
    return "the wall clock steps by \(length.nanoseconds / 1_000_000_000) s"
  }
}
