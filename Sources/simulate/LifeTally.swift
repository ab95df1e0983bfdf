/// What happened in lives, to see that nothing was left untried.
struct LifeTally {
  var granted = 0
  var throttled = 0
  var denied = 0
  var settled = 0
  var late = 0
  var expired = 0
  var restarts = 0
  var crashes = 0
  var reloads = 0
  var clockSteps = 0
  var operatorActs = 0
  var allocations = 0

  mutating func add(_ other: LifeTally) {
    granted += other.granted
    throttled += other.throttled
    denied += other.denied
    settled += other.settled
    late += other.late
    expired += other.expired
    restarts += other.restarts
    crashes += other.crashes
    reloads += other.reloads
    clockSteps += other.clockSteps
    operatorActs += other.operatorActs
    allocations += other.allocations
  }

  var description: String {
    "\(granted) granted, \(throttled) of them throttled, \(denied) denied, \(settled) settled, \(late) of them late, "
      + "\(expired) expired, \(restarts) restarts, \(crashes) crashes, \(reloads) reloads, \(clockSteps) clock steps, "
      + "\(operatorActs) acts of operators, \(allocations) allocations"
  }
}
