import BudgetCore
import JSONText

extension JSONWriter {
  /// `"decision"`, `"granted"`, `"accounts"` and `"advice"` of an answer.
  mutating func decisionMembers(_ decision: Decision, advice: Advice = Advice()) {
    key("decision")
    string(decision.verdict.name)
    key("granted")
    beginObject()
    key("tokens")
    beginObject()
    for amount in decision.granted.tokens {
      key(named: amount.kind.name)
      int(amount.count)
    }
    endObject()
    key("max_tokens")
    if let output = decision.granted.outputTokens { int(output) } else { null() }
    key("estimated_output")
    bool(decision.outputSource != .given)
    key("requests")
    int(decision.granted.requests)
    key("cost_usd")
    dollars(Money(picodollars: decision.cost))
    key("estimated")
    bool(decision.costIsEstimated)
    endObject()
    key("accounts")
    accounts(decision.accounts)
    key("advice")
    beginObject()
    adviceMembers(advice)
    key("delay")
    string(decision.delay.decimalSeconds)
    endObject()
  }
}

extension JSONWriter {
  /// `"compress_to"` and `"model"` of an answer's `"advice"`.
  mutating func adviceMembers(_ advice: Advice) {
    key("compress_to")
    if let tokens = advice.compressTo { int(tokens) } else { null() }
    key("model")
    if let model = advice.model { string(model) } else { null() }
  }
}

extension Interval {
  /// Seconds with at most three decimals, rounded up, as protobuf's JSON writes durations: `12.345s`, `0s`.
  var decimalSeconds: String {
    let milliseconds = max(0, nanoseconds).saturatingAdd(999_999) / 1_000_000
    let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    guard rest > 0 else { return "\(seconds)s" }
    var digits = String(rest + 1000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(seconds).\(digits)s"
  }
}

/// The answer to a request that no budget can grant.
struct Denial {
  let decision: Decision
  var advice = Advice()
  /// 429, or 403 for a gateway that understands nothing else.
  var status = HTTPStatus.tooManyRequests

  /// 429 with what the tightest budget says, and every other breach behind it. `Retry-After` is there when waiting
  /// helps: after that many seconds every breach is gone, if nothing else happens.
  func response() -> HTTPResponse {
    if let stop = decision.stop { return SubjectProblem.stopped(stop) }
    guard let tightest = decision.breaches.first else {
      return Problem(status: status, detail: "The request was denied.").response()
    }
    let unit = tightest.account.unit
    var members = JSONWriter()
    members.beginObject()
    members.accountMembers(tightest.account)
    members.key("requested")
    members.amount(tightest.requested, unit)
    members.key("retry_after")
    if let seconds = retryAfter { members.int(seconds) } else { members.null() }
    members.key("breaches")
    members.beginArray()
    for breach in decision.breaches {
      members.beginObject()
      members.accountMembers(breach.account)
      members.key("requested")
      members.amount(breach.requested, breach.account.unit)
      members.key("retry_after")
      if let wait = breach.retryAfter { members.int(wait.secondsRoundedUp) } else { members.null() }
      members.endObject()
    }
    members.endArray()
    members.key("advice")
    members.beginObject()
    members.adviceMembers(advice)
    members.endObject()
    members.endObject()
    let problem = Problem(
      type: ProblemType.budgetExhausted, title: "Budget exhausted", status: status, detail: detail(tightest),
      members: Problem.Member.members(of: members.bytes))
    var limits = RateLimitFields()
    for breach in decision.breaches { limits.add(breach.account, wait: breach.retryAfter) }
    var headers = limits.fields
    if let seconds = retryAfter { headers.append(("retry-after", String(seconds))) }
    return problem.response(headers: headers)
  }

  /// Seconds until the last breach is gone; `nil` when one of them stays.
  private var retryAfter: Int64? {
    var longest: Int64 = 1
    for breach in decision.breaches {
      guard let wait = breach.retryAfter else { return nil }
      longest = max(longest, wait.secondsRoundedUp)
    }
    return longest
  }

  private func detail(_ breach: Breach) -> String {
    let unit = breach.account.unit
    func shown(_ amount: Quantity) -> String {
      unit == .cost ? Money(picodollars: amount).decimalString + " USD" : "\(amount) \(unit.name)"
    }
    let owner = breach.account.tags.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let whose = owner.isEmpty ? "" : " for \(owner)"
    return "Budget \(breach.account.budgetName)\(whose) has \(shown(breach.account.remaining ?? 0)) left; "
      + "\(shown(breach.requested)) were asked for."
  }
}

/// The `type` members of the problems that have one of their own.
enum ProblemType {
  private static let base = "https://tallygate.dev/problems/"
  static let budgetExhausted = base + "budget-exhausted"
  static let invalidRequest = base + "invalid-request"
  static let unknownReservation = base + "unknown-reservation"
  static let closedReservation = base + "closed-reservation"
  static let tooManyReservations = base + "too-many-reservations"
  static let unknownBudget = base + "unknown-budget"
  static let unknownScope = base + "unknown-scope"
  static let unknownLabel = base + "unknown-label"
  static let tooManySubscribers = base + "too-many-subscribers"
  static let subjectStopped = base + "subject-stopped"
  static let notDurable = base + "not-durable"
  static let reusedKey = base + "reused-idempotency-key"
  static let foreignIdentity = base + "foreign-identity"
}

extension Problem.Member {
  /// The members of a rendered JSON object, without its braces, as one piece.
  static func members(of object: [UInt8]) -> [Problem.Member] {
    guard let value = try? JSONValue.parse(object), let members = value.asObject?.members else { return [] }
    return members.map { Problem.Member($0.key, json: String(decoding: $0.value.bytes(), as: UTF8.self)) }
  }
}
