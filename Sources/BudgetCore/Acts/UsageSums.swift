/// Usage lines that are done again, added up before the ledger counts them.
///
/// Leads to the same state as counting them one by one. Tokens and requests of the same tags become one sum for as long
/// as `QuietTime` says; durations wait with them, in their order. Everything else is counted at its moment, after what
/// came before it.
package struct UsageSums: ~Copyable {
  private struct Sum {
    let kind: UsageEvent.Kind
    let route: Int32
    /// Where it is found; -1 when nothing is added to it.
    let place: Int32
    /// The last of the moments that it is of.
    var moment: Int32
    var amount: Int64
    let weight: Double
    /// Whose number it was.
    let tags: UnsafeRawPointer
    let hash: UInt64
  }

  /// Tags with higher numbers are not added up.
  private static let mostNumbers: UInt32 = 1 << 17
  private static let mostSums = 1 << 18
  private static let mostMoments = 1 << 16
  /// Larger amounts are not added up.
  private static let mostAmount: Int64 = 1 << 40

  private var sums: [Sum] = []
  /// Where the sums of each number stand: of its tokens, then of its requests; -1 for none.
  private var places: [Int32] = []
  private var moments: [Moment] = []
  private var quiet = QuietTime()
  /// Over all sums.
  private var total: Int64 = 0
  private var lines = 0
  private let linesAlone: Int
  private var linesLeftAlone = 0
  /// The tick of the windowed counters in which forecasts were fed.
  private var fedTick: Int64 = -1

  /// - Parameter linesAlone: how many lines are counted one by one when there was little to add up, before the next try.
  package init(linesAlone: Int = 4_096) { self.linesAlone = linesAlone }

  /// Counts lines of one moment, at once or with lines to come. O(lines).
  package mutating func add(_ batch: UsageBatch, at now: Moment, to ledger: inout Ledger) {
    if !isQuiet(at: now, in: ledger) { count(in: &ledger) }
    ledger.followClock(now)
    feedForecasts(of: &ledger, now: now)
    if moments.isEmpty { ledger.expireReservations(now: now) }
    var first = 0
    while first < batch.events.count {
      guard linesLeftAlone == 0 else {
        linesLeftAlone = max(0, linesLeftAlone - (batch.events.count - first))
        return Self.count(batch.events[first...], now: now, in: &ledger)
      }
      if moments.isEmpty { quiet = ledger.quietTime(from: now) }
      moments.append(now)
      first = add(batch, from: first, now: now, routes: ledger)
      guard first < batch.events.count else { return }
      count(in: &ledger)
      Self.count(batch.events[first...first], now: now, in: &ledger)
      first += 1
    }
  }

  /// Counts everything that was added. To be called before anything else is done with the ledger, or looked at.
  package mutating func count(in ledger: inout Ledger) {
    guard !moments.isEmpty else { return }
    // When a series or an account was used last must come out as if nothing had been added up. The sort is stable.
    sums.sort { $0.moment < $1.moment }
    var moment: Int32 = 0
    var occasion = Ledger.Occasion(now: moments[0], cause: .unreserved)
    for sum in sums {
      if sum.moment != moment {
        moment = sum.moment
        occasion = Ledger.Occasion(now: moments[Int(moment)], cause: .unreserved)
      }
      var event = UsageEvent(kind: sum.kind, amount: sum.amount, tags: sum.tags, tagsLength: 0, hash: sum.hash)
      event.weight = sum.weight
      ledger.apply(event, route: Int(sum.route), on: occasion)
      if ledger.hasEvents { _ = ledger.takeEvents() }
      if sum.place >= 0 { places[Int(sum.place)] = -1 }
    }
    if lines < 2 * sums.count { linesLeftAlone = linesAlone }
    sums.removeAll(keepingCapacity: true)
    moments.removeAll(keepingCapacity: true)
    (total, lines) = (0, 0)
  }

  private static func count(_ events: Slice<UnsafeBufferPointer<UsageEvent>>, now: Moment, in ledger: inout Ledger) {
    ledger.apply(UnsafeBufferPointer(rebasing: events), now: now)
    if ledger.hasEvents { _ = ledger.takeEvents() }
  }

  /// Whether lines of this moment can be added to what is there.
  private func isQuiet(at now: Moment, in ledger: borrowing Ledger) -> Bool {
    guard let last = moments.last, moments.count < Self.mostMoments else { return false }
    return quiet.contains(now) && now.wall >= last.wall && now.steady >= last.steady && !ledger.isClockStep(now)
  }

  /// As often as a sidecar's housekeeping does about.
  private mutating func feedForecasts(of ledger: inout Ledger, now: Moment) {
    let tick = LookbackCounters.tick(at: now.steady)
    guard tick != fedTick else { return }
    fedTick = tick
    while ledger.maintainForecasts(now: now) {}
  }

  /// Adds lines from `first` on, as far as they can be added up.
  /// - Returns: the first that cannot.
  private mutating func add(
    _ batch: UsageBatch, from first: Int, now: Moment, routes ledger: borrowing Ledger
  ) -> Int {
    let moment = Int32(truncatingIfNeeded: moments.count - 1)
    for index in first..<batch.events.count {
      let event = batch.events.baseAddress! + index
      let number = batch.numbers[index]
      guard number < Self.mostNumbers, event.pointee.canBeAdded, event.pointee.amount <= Self.mostAmount else {
        return index
      }
      let kind = event.pointee.kind
      let place = kind == .duration ? -1 : Int(number) << 1 | (kind == .requests ? 1 : 0)
      if place >= 0, place < places.count, places[place] >= 0 {
        let sum = Int(places[place])
        // A number gets other tags now and then.
        guard sums[sum].tags == event.pointee.tags, sums[sum].hash == event.pointee.hash,
          takeRoom(event.pointee.amount)
        else { return index }
        sums[sum].amount &+= event.pointee.amount
        sums[sum].moment = moment
      } else {
        guard begin(event.pointee, place: place, moment: moment, now: now, routes: ledger) else { return index }
      }
      lines &+= 1
    }
    return batch.events.count
  }

  @inline(__always)
  private mutating func takeRoom(_ amount: Int64) -> Bool {
    // Both are far from where an integer ends.
    guard total &+ amount <= quiet.room else { return false }
    total &+= amount
    return true
  }

  /// Makes a sum of a line's own.
  /// - Returns: false when the line is to be counted alone.
  private mutating func begin(
    _ event: UsageEvent, place: Int, moment: Int32, now: Moment, routes ledger: borrowing Ledger
  ) -> Bool {
    guard sums.count < Self.mostSums else { return false }
    let route = ledger.routes.find(event.tags, count: Int(event.tagsLength), hash: event.hash)
    guard route >= 0, let more = ledger.quietTime(of: event.kind, route: route, now: now) else { return false }
    quiet.narrow(to: more)
    if place >= 0 {
      guard takeRoom(event.amount) else { return false }
      if place >= places.count {
        places += Array(repeating: -1, count: max(1_024, place + 1, places.count * 2) - places.count)
      }
      places[place] = Int32(truncatingIfNeeded: sums.count)
    }
    sums.append(
      Sum(
        kind: event.kind, route: Int32(truncatingIfNeeded: route), place: Int32(truncatingIfNeeded: place),
        moment: moment, amount: event.amount, weight: event.weight, tags: event.tags, hash: event.hash))
    return true
  }
}

extension UsageEvent {
  /// Whether its sum with others of its kind and tags changes what they do, or it changes what no account sees.
  @inline(__always)
  fileprivate var canBeAdded: Bool {
    switch kind {
    case .tokens, .requests: fraction == 0 && timestamp == Self.noTimestamp
    case .duration: timestamp == Self.noTimestamp
    case .cost, .items: false
    }
  }
}
