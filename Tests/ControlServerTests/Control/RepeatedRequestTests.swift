import BudgetCore
import LedgerAccess
import Synchronization
import Testing

@testable import ControlServer

@Suite("Idempotency-Key of verbs that change things")
struct RepeatedRequestTests {
  private let ledger: SharedLedger
  private let router: Router
  private let time = Time()

  private final class Time: Sendable {
    let passed = Mutex(Duration.zero)
  }

  init() {
    var settings = LedgerSettings()
    settings.budgets = [.test(limit: 1_000)]
    settings.pools = [Pool(name: "context", tokens: 1_000)]
    ledger = SharedLedger(Ledger(settings: settings, seed: 7), clock: StandingClock().now)
    let (start, time) = (ContinuousClock.now, time)
    let repeated = RepeatedRequests(now: { start + time.passed.withLock { $0 } })
    let routes = ControlRoutes(ledger: ledger, lines: LineCounters()).routes + PoolRoutes(ledger: ledger).routes
    router = Router(
      routes.map { repeated.watching($0) },
      check: { _, request in
        .admitted(Caller(name: request.headers["x-caller"] ?? "test", role: .operator))
      })
  }

  private func send(
    _ path: String, _ body: String, key: String?, caller: String = "test"
  ) -> Answer {
    var headers = HTTPHeaders([("x-caller", caller)])
    if let key { headers.add("Idempotency-Key", key) }
    return Answer(
      router.respond(to: HTTPRequest(method: .post, path: path, headers: headers, body: Array(body.utf8))))
  }

  private let call = #"{"agent": "a", "tokens": 100}"#
  private var reserved: Quantity { ledger.accounts().first?.reserved ?? 0 }

  @Test("a reservation that comes again under its key is the same reservation, held once")
  func reservations() throws {
    let first = send("/v1/reservations", call, key: "k")
    let again = send("/v1/reservations", call, key: "k")
    #expect(first.status == 201 && again.status == 201)
    #expect(again.body == first.body)
    #expect(again.headers["location"] == first.headers["location"])
    #expect(reserved == 100)
    #expect(send("/v1/reservations", call, key: "another").body != first.body)
    #expect(send("/v1/reservations", call, key: nil).status == 201)
    #expect(reserved == 300)
  }

  @Test("a top-up and an allocation under a key happen once")
  func others() throws {
    for _ in 0..<3 {
      let body = #"{"tags": {"agent": "a"}, "amount": 50}"#
      #expect(send("/v1/budgets/daily/top-up", body, key: "t").status == 200)
      #expect(send("/v1/pools/context/top-up", #"{"tokens": 10}"#, key: "t").status == 200)
      #expect(
        send("/v1/allocations", #"{"pool": "context", "agent": "a", "max_tokens": 10}"#, key: "t").status == 201)
    }
    #expect(ledger.accounts().first?.limit == 1_050)
    #expect(ledger.pools().first?.total == 1_010)
    #expect(ledger.pools().first?.allocations.count == 1)
  }

  @Test("a key is one caller's, of one verb and one path")
  func scopes() {
    let first = send("/v1/reservations", call, key: "k")
    #expect(send("/v1/reservations", call, key: "k", caller: "other").body != first.body)
    #expect(send("/v1/allocations", #"{"pool": "context", "agent": "a", "max_tokens": 1}"#, key: "k").status == 201)
    #expect(reserved == 200)
  }

  @Test("a key that comes with another body is refused")
  func reuse() {
    #expect(send("/v1/reservations", call, key: "k").status == 201)
    let other = send("/v1/reservations", #"{"agent": "a", "tokens": 101}"#, key: "k")
    #expect(other.isProblem(422, "reused-idempotency-key"))
    #expect(reserved == 100)
  }

  @Test("what was refused did nothing, and is tried again under its key")
  func refusals() {
    let large = #"{"agent": "a", "tokens": 1001}"#
    #expect(send("/v1/reservations", large, key: "k").status == 429)
    #expect(send("/v1/budgets/daily/top-up", #"{"tags": {"agent": "a"}, "amount": 1}"#, key: nil).status == 200)
    #expect(send("/v1/reservations", large, key: "k").status == 201)
  }

  @Test("a key is remembered for a quarter of an hour")
  func lifetime() {
    #expect(send("/v1/reservations", call, key: "k").status == 201)
    time.passed.withLock { $0 = .seconds(15 * 60 - 1) }
    #expect(send("/v1/reservations", call, key: "k").status == 201)
    #expect(reserved == 100)
    time.passed.withLock { $0 = .seconds(15 * 60) }
    #expect(send("/v1/reservations", call, key: "k").status == 201)
    #expect(reserved == 200)
  }

  @Test("the oldest keys make room; refusals take none")
  func bound() {
    let small = #"{"agent": "a", "tokens": 0}"#
    #expect(send("/v1/reservations", call, key: "first").status == 201)
    for number in 0..<(2 * RepeatedRequests.most) {
      #expect(send("/v1/reservations", #"{"agent": "a", "tokens": 2000}"#, key: "refused-\(number)").status == 429)
    }
    for number in 1..<RepeatedRequests.most { _ = send("/v1/reservations", small, key: "\(number)") }
    #expect(send("/v1/reservations", call, key: "first").status == 201)
    #expect(reserved == 100)
    _ = send("/v1/reservations", small, key: "last")
    #expect(send("/v1/reservations", call, key: "first").status == 201)
    #expect(reserved == 200)
  }

  @Test("a key that is none is refused", arguments: ["", String(repeating: "k", count: 256)])
  func malformed(key: String) {
    #expect(send("/v1/reservations", call, key: key).isProblem(400, "invalid-request"))
  }
}
