/// How far lines may be added up before they are counted.
///
/// What plain lines change is sums, whether they are counted one by one or as their sum, as long as nothing in between
/// depends on where those stand: no window or bucket turns, no hold expires, nothing that is told or stored with its
/// moment is reached.
struct QuietTime {
  /// Nanoseconds of each clock, exclusive.
  var wall = Int64.max
  var steady = Int64.max
  /// Tokens and requests that may come together, over all tags.
  var room = mostAmount

  /// Far from where a sum ends.
  static let mostAmount: Int64 = 1 << 62

  func contains(_ now: Moment) -> Bool { now.wall.nanoseconds < wall && now.steady.nanoseconds < steady }

  mutating func narrow(to other: QuietTime) {
    wall = min(wall, other.wall)
    steady = min(steady, other.steady)
    room = min(room, other.room)
  }

  fileprivate mutating func narrow(to boundary: Int64, on axis: Account.Axis) {
    switch axis {
    case .wall: wall = min(wall, boundary)
    case .steady: steady = min(steady, boundary)
    }
  }
}

extension Ledger {
  /// How long lines may be added up from now on, whatever their tags: their moments share a bucket of the windowed
  /// counters, and nothing expires.
  func quietTime(from now: Moment) -> QuietTime {
    var quiet = QuietTime()
    quiet.steady = (LookbackCounters.tick(at: now.steady) + 1).saturatingMultiply(LookbackCounters.tickLength)
    quiet.steady = min(quiet.steady, reservations.nextDeadline.nanoseconds)
    return quiet
  }

  /// The same for tokens, requests or durations of one route; `nil` when the next of them is to be counted by itself,
  /// because it may turn a window, begin an activity or make a series. O(its accounts and activities).
  func quietTime(of kind: UsageEvent.Kind, route index: Int, now: Moment) -> QuietTime? {
    let route = routes[index]
    var quiet = QuietTime()
    guard (kind == .tokens ? route.tokenSeries : route.callSeries) >= 0 else { return nil }
    // It changes nothing but its series.
    if kind == .duration { return quiet }
    for target in kind == .tokens ? route.tokens.lowerBound..<route.costs.upperBound : route.requests {
      let account = Int(routes.targets[target])
      guard !accounts[account].isDue(now) else { return nil }
      quiet.narrow(to: accounts[account].boundary, on: accounts[account].axis)
      if settings.budgets[accounts[account].budget].throttleAt != nil {
        let isCost = route.costs.contains(target)
        quiet.room = min(quiet.room, roomBeforePace(account, rate: isCost ? route.rate : 1))
      }
    }
    for target in route.activities {
      let activity = activities[Int(routes.targets[target])]
      // Steps are told apart by their order.
      guard activity.isOpen, route.step == 0 else { return nil }
      quiet.room = min(
        quiet.room, activity.quietUpTo[RunawayCause.tokens.rawValue].saturatingSubtract(activity.tokens),
        activity.quietUpTo[RunawayCause.requests.rawValue].saturatingSubtract(activity.requests))
    }
    return quiet
  }

  /// How many units at this rate may be used before the account needs a look, which takes up its pace one by one.
  private func roomBeforePace(_ account: Int, rate: Int64) -> Int64 {
    let room = accounts[account].attention.saturatingSubtract(accounts[account].used) - 1
    return Int64(clamping: room / Quantity(max(1, rate)))
  }
}
