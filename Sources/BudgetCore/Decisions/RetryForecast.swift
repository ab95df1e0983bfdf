/// What becomes of an account when nothing happens but time: when a demand fits that does not fit now.
struct RetryForecast {
  /// A part of what is used or held.
  struct Part {
    var amount: Quantity
    /// When a hold becomes use, on the steady clock: before all time for what is used already, `nil` for a hold that
    /// is given back.
    var charged: Instant? = .distantPast
    /// When it stops counting; `nil`: never.
    var leaves: Instant?
  }

  /// What is used; the parts that are use already sum up to it.
  var used: Quantity
  /// What would be used and held with the demand.
  var total: Quantity
  var isStopped: Bool
  var limit: Quantity
  /// What may be used past the limit before the account is stopped; `nil`: it never is.
  var grace: Quantity?

  private struct Step {
    var at: Instant
    var used: Quantity = 0
    var total: Quantity = 0
  }

  private let steps: [Step]

  init(parts: [Part], used: Quantity, total: Quantity, isStopped: Bool, limit: Quantity, grace: Quantity?) {
    self.used = used
    self.total = total
    self.isStopped = isStopped
    self.limit = limit
    self.grace = grace
    var steps: [Step] = []
    for part in parts where part.amount != 0 {
      let charged = part.charged.map { $0 < (part.leaves ?? .distantFuture) } ?? false
      if let leaves = part.leaves {
        steps.append(Step(at: leaves, used: charged ? -part.amount : 0, total: -part.amount))
      }
      if charged, let at = part.charged, at > .distantPast { steps.append(Step(at: at, used: part.amount)) }
    }
    // What leaves goes first: an account turns before it is charged.
    self.steps = steps.sorted { ($0.at, $0.used) < ($1.at, $1.used) }
  }

  /// The wait until the demand fits; `nil` when it never does. O(parts).
  func wait(from now: Instant) -> Interval? {
    var (used, total, isStopped) = (used, total, isStopped)
    let ceiling = limit.saturatingAdd(grace ?? 0)
    var next = steps.startIndex
    while next < steps.endIndex {
      let time = steps[next].at
      while next < steps.endIndex, steps[next].at == time {
        used += steps[next].used
        total += steps[next].total
        if used < limit { isStopped = false }
        if grace != nil, used >= ceiling { isStopped = true }
        next += 1
      }
      if !isStopped, total <= ceiling { return max(.zero, time - now) }
    }
    return nil
  }
}
