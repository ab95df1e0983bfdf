/// One job, session or task: what the calls that carry its tag have used since it began.
package struct Activity: Sendable {
  /// Index in `ActivitySettings.tags`.
  let tag: Int
  /// Whether it takes what found no place of its own: then it is nobody's, and no rule watches it.
  let isOverflow: Bool
  /// Between its first use and its end. Its place is kept a while longer for the next one of the same name.
  package internal(set) var isOpen = false
  package internal(set) var tokens: Int64 = 0
  package internal(set) var requests: Int64 = 0
  /// Units of a job done, and the part of one that is not whole yet, in 2^-32.
  package internal(set) var items: Int64 = 0
  var itemCarry: UInt32 = 0
  /// Picodollars.
  package internal(set) var cost: Quantity = 0
  /// The items that the job is declared to have, if somebody said it while running.
  package internal(set) var expectedItems: Int64?
  package internal(set) var began: Moment
  package internal(set) var lastUse: Moment
  /// How often the `step` tag changed, and the hash of its last value; 0 without one.
  var steps: Int64 = 0
  var step: UInt64 = 0
  /// How many calls in a row had the fingerprint with this hash.
  var repeats: Int64 = 0
  var fingerprint: UInt64 = 0
  /// For each `RunawayCause` the largest count that is no news: one less than the smallest limit that was not told;
  /// `max` when none is left.
  var quietUpTo: InlineArray<4, Int64> = Activity.alwaysQuiet

  static let alwaysQuiet = InlineArray<4, Int64>(repeating: .max)

  init(tag: Int, isOverflow: Bool, now: Moment) {
    self.tag = tag
    self.isOverflow = isOverflow
    began = now
    lastUse = now
  }

  /// Starts anew. What was declared of it stays.
  mutating func open(quietUpTo: InlineArray<4, Int64>, now: Moment) {
    let expected = expectedItems
    self = Activity(tag: tag, isOverflow: isOverflow, now: now)
    expectedItems = expected
    isOpen = true
    self.quietUpTo = isOverflow ? Self.alwaysQuiet : quietUpTo
  }

  @inline(__always)
  mutating func add(tokens: Int64, cost: Quantity, requests: Int64, step: UInt64, now: Moment) {
    self.tokens = self.tokens.saturatingAdd(tokens)
    self.cost &+= cost
    self.requests = self.requests.saturatingAdd(requests)
    lastUse = now
    if step != 0, step != self.step {
      self.step = step
      steps = steps.saturatingAdd(1)
    }
  }

  /// Notes calls that are all alike.
  mutating func note(fingerprint: UInt64, calls: Int64) {
    guard calls > 0 else { return }
    repeats = fingerprint == self.fingerprint ? repeats.saturatingAdd(calls) : calls
    self.fingerprint = fingerprint
  }

  subscript(cause: RunawayCause) -> Int64 {
    switch cause {
    case .tokens: tokens
    case .steps: steps
    case .requests: requests
    case .repeats: repeats
    }
  }

  /// Whether a limit has been reached that was not told.
  @inline(__always)
  var isRunningAway: Bool {
    tokens > quietUpTo[0] || steps > quietUpTo[1] || requests > quietUpTo[2] || repeats > quietUpTo[3]
  }
}
