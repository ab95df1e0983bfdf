import BudgetCore
import JSONText
import LedgerAccess
import Synchronization

@testable import ControlServer

/// Noon of some day: 2025-06-16T12:00:00Z.
let noon = Instant(seconds: 1_750_075_200)

/// A clock that stands until a test moves it.
final class StandingClock: Sendable {
  private let seconds = Atomic<Int64>(0)

  func advance(_ count: Int64) { seconds.add(count, ordering: .relaxed) }

  func now() -> Moment { Moment(noon + .seconds(seconds.load(ordering: .relaxed))) }
}

/// The control endpoint over a ledger of its own, without sockets.
struct ControlScene {
  let ledger: SharedLedger
  let lines = LineCounters()
  let clock = StandingClock()
  let events = EventLog()
  let denials = DenialTally()
  let router: Router

  /// - Parameter isOperator: whether every request may do what operators may; not with a gatekeeper.
  init(
    _ budgets: [Budget] = [], gatekeeper: Gatekeeper? = nil, isOperator: Bool = false, hub: EventHub? = nil,
    authorize: AuthorizeRules = AuthorizeRules(),
    _ adjust: (inout LedgerSettings) -> Void = { _ in }
  ) {
    var settings = LedgerSettings()
    settings.budgets = budgets
    settings.prices = PriceTable([
      ModelPrice(provider: "", model: "m1", rates: TokenRates(input: 2_500_000, output: 10_000_000))
    ])
    adjust(&settings)
    let events = events
    ledger = SharedLedger(
      Ledger(settings: settings, seed: 0x5EED), clock: clock.now,
      observer: {
        events.add($0)
        hub?.publish($0)
      })
    let denials = denials
    let routes =
      ControlRoutes(ledger: ledger, lines: lines, denials: denials).routes + PoolRoutes(ledger: ledger).routes
      + AuthorizeRoutes(ledger: ledger, rules: authorize).routes
    if let gatekeeper {
      router = Router(routes, check: { gatekeeper.admit($0, $1) })
    } else {
      router = isOperator ? Router(routes, check: { _, _ in .admitted(.anyOperator) }) : Router(routes)
    }
  }

  func post(_ path: String, _ body: String = "", type: String? = nil) -> Answer {
    send(.post, path, body: Array(body.utf8), type: type)
  }

  func get(_ path: String, _ query: KeyValuePairs<String, String> = [:]) -> Answer {
    Answer(router.respond(to: HTTPRequest(path: path, query: QueryParameters(query))))
  }

  func put(_ path: String, _ body: String) -> Answer { send(.put, path, body: Array(body.utf8)) }

  func delete(_ path: String, _ body: String = "") -> Answer { send(.delete, path, body: Array(body.utf8)) }

  /// - Parameter path: as a request line has it, escapes and all.
  func send(
    _ method: HTTPMethod, _ path: String, body: [UInt8] = [], type: String? = nil, token: String? = nil
  ) -> Answer {
    var headers = HTTPHeaders(type.map { [("content-type", $0)] } ?? [])
    if let token { headers.add("authorization", "Bearer \(token)") }
    guard let path = try? RequestTarget.canonicalPath(path[...]) else {
      return Answer(Problem(status: .badRequest).response())
    }
    return Answer(router.respond(to: HTTPRequest(method: method, path: path, headers: headers, body: body)))
  }

  /// The id of a reservation of so many input tokens.
  func reserve(_ tokens: Int, agent: String = "a") throws -> String {
    let answer = post("/v1/reservations", #"{"tags": {"agent": "\#(agent)"}, "tokens": \#(tokens)}"#)
    return try answer.text("id")
  }

  /// Used and reserved of the only account of a budget.
  func account(_ budget: String, _ query: KeyValuePairs<String, String> = [:]) -> String {
    let account = get("/v1/budgets/\(budget)/accounts", query).json?.asArray?.first?.asObject
    let used = account?["used"]?.asNumber?.text ?? account?["used"]?.asString ?? "?"
    let reserved = account?["reserved"]?.asNumber?.text ?? account?["reserved"]?.asString ?? "?"
    return "used \(used), reserved \(reserved)"
  }
}

extension Caller {
  /// Somebody who may do everything.
  static let anyOperator = Caller(name: "test", role: .operator)
}

/// The events that were told, by name.
final class EventLog: Sendable {
  private let names = Mutex<[String]>([])

  @Sendable func add(_ events: [LedgerEvent]) {
    names.withLock { $0 += events.compactMap(\.budgetEvent).map { "\($0.budget) \($0.kind.name)" } }
  }

  var told: [String] { names.withLock { $0 } }
}

/// An answer, taken apart.
struct Answer {
  struct Missing: Error { let member: String, body: String }

  let status: Int
  let headers: HTTPHeaders
  let body: [UInt8]

  init(_ response: HTTPResponse) {
    status = Int(response.status.code)
    headers = response.headers
    switch response.body {
    case .bytes(let bytes): body = bytes
    case .pieces(let pieces): body = pieces.joined
    case .stream: body = []
    }
  }

  var json: JSONValue? { try? JSONValue.parse(body) }
  /// The body's object without some members that have tests of their own.
  func json(without members: String...) -> JSONValue? {
    guard let object = json?.asObject else { return nil }
    var rest = JSONObject()
    for (key, value) in object.members where !members.contains(key) { rest.insert(key, value) }
    return .object(rest)
  }

  var string: String { String(decoding: body, as: UTF8.self) }

  /// A member of the body, or of an object in it: `member("granted", "max_tokens")`.
  func member(_ path: String...) -> JSONValue? {
    var value = json
    for key in path { value = value?.asObject?[key] }
    return value
  }

  func text(_ member: String) throws -> String {
    guard let text = json?.asObject?[member]?.asString else { throw Missing(member: member, body: string) }
    return text
  }

  /// Whether it is a problem as RFC 9457 writes it, with this status and kind.
  func isProblem(_ status: Int, _ kind: String) -> Bool {
    let type = kind == "about:blank" ? kind : "https://tallygate.dev/problems/" + kind
    return self.status == status && headers["content-type"] == "application/problem+json"
      && member("status")?.asInt64 == Int64(status) && member("type")?.asString == type
      && member("title")?.asString?.isEmpty == false && member("detail")?.asString?.isEmpty == false
  }
}

extension Budget {
  /// A budget on tokens of the calendar day, unless said otherwise.
  static func test(
    _ name: String = "daily", limit: Quantity?, unit: BudgetUnit = .tokens, per: [String] = ["agent"],
    match: [TagPattern] = [], window: WindowRule = .calendar(CalendarRule(period: .day)), warnAt: Int64 = 800_000,
    throttleAt: Int64? = nil, mode: Mode = .enforce, onExpiry: ExpiryPolicy = .charge, stopGrace: Quantity? = nil,
    parent: String? = nil, countsOwn: Bool = true
  ) -> Budget {
    Budget(
      name: name, match: match, countsOwn: countsOwn, parent: parent, per: per, unit: unit, limit: limit,
      window: window, warnAt: Ratio(millionths: warnAt), throttleAt: throttleAt.map { Ratio(millionths: $0) },
      mode: mode, onExpiry: onExpiry, stopGrace: stopGrace)
  }
}

/// A JSON text as a value, for comparing bodies.
func json(_ text: String) throws -> JSONValue { try JSONValue.parse(text) }
