import BudgetCore

/// One account as a backtest follows it: what was forecast in the window that runs, and what became of it.
struct WindowWatch {
  /// What was said at a quarter, a half and three quarters of the window.
  struct Checkpoint {
    var used = 0.0
    var forecast: BudgetForecast?
    var byElapsed = 0.0
    var byLine = 0.0
    var byShape: Double?
  }

  var start: Instant
  var end: Instant
  var checkpoints: [Checkpoint] = []
  var totalAtStart: Quantity
  var limit: Quantity?
  var likely: Int64?
  var likelier: Int64?
  var nearly: Int64?
  var exceeded: Int64?
  /// Enough use in the week before this window to be scored.
  var isActive = false
  var hasLimit = false

  /// Totals of the windows before, the newest last: seven at most.
  var totals: [Quantity] = []
  var windows = 0
  /// Whether each step of the last week had use, oldest first, and the ever-growing total at the last hour's steps.
  var active: [Bool] = []
  var lastHour: [Quantity] = []
  var lastTotal: Quantity
  var activeSteps = 0
  var shape = ShapeTimesLevel()

  static let stepsInWeek = 7 * 144
  static let shares = [0.25, 0.5, 0.75]

  init(_ status: AccountStatus, end: Instant) {
    start = status.windowStart
    self.end = end
    // What it used before anybody watched belongs to no window.
    totalAtStart = status.usedTotal - status.used
    lastTotal = totalAtStart
  }

  mutating func countStep(_ total: Quantity, at time: Int64) {
    shape.learn(Double(max(0, total - lastTotal)), to: time)
    active.append(total > lastTotal)
    if total > lastTotal { activeSteps += 1 }
    if active.count > Self.stepsInWeek { active.removeFirst() }
    lastTotal = total
    lastHour.append(total)
    if lastHour.count > 7 { lastHour.removeFirst() }
  }

  /// Use in a second, by the least squares over the last hour: what `predict_linear(…[1h], …)` goes on with.
  var slope: Double {
    let count = Double(lastHour.count)
    guard count > 1 else { return 0 }
    let middle = (count - 1) / 2
    let mean = lastHour.reduce(0) { $0 + Double($1) } / count
    var (above, below) = (0.0, 0.0)
    for (index, total) in lastHour.enumerated() {
      above += (Double(index) - middle) * (Double(total) - mean)
      below += (Double(index) - middle) * (Double(index) - middle)
    }
    return above / below / 600
  }
}
