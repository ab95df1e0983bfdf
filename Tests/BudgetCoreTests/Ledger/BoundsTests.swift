import Testing

@testable import BudgetCore

@Suite("Bounds of the ledger")
struct BoundsTests {
  @Test("accounts past the bound share __other__, and nothing is lost")
  func accounts() {
    var ledger = makeLedger([.test(limit: 1000, per: ["agent"])]) { $0.bounds.maxAccounts = 10 }
    for agent in 0..<50 { ledger.use(Int64(agent), tags(["agent": "a\(agent)"]), at: after(0)) }
    let statuses = ledger.accountStatuses(now: after(0))
    let other = statuses.first { $0.tags == [Tag(key: "agent", value: "__other__")] }
    let broken = ledger.checkInvariants()
    #expect(statuses.count == 11 && statuses.reduce(0) { $0 + $1.used } == 49 * 25)
    #expect(other?.used == Quantity((10..<50).reduce(0, +)))
    #expect(ledger.counters.accountOverflow > 0 && broken == [])
    // The ones without an account of their own are decided on by the shared one, whoever asks.
    let newcomer = ledger.ask(tokens(1), tags(["agent": "a99"]), at: after(0))
    #expect(newcomer.verdict == .deny && newcomer.breaches[0].account.tags[0].value == "__other__")
  }

  @Test("series past the bound fold into __other__ with all they counted, by kind of token")
  func series() {
    var ledger = makeLedger([.test(limit: nil, per: ["agent"])]) { $0.bounds.maxSeries = 10 }
    for agent in 0..<50 {
      ledger.line(.tokens, 3, "agent:a\(agent),kind:output", at: after(0))
      ledger.line(.tokens, 5, "agent:a\(agent),kind:mine\(agent)", at: after(0))
      ledger.line(.requests, 1, "agent:a\(agent)", at: after(0))
    }
    let series = ledger.seriesByLabels(at: after(0))
    let accounts = ledger.readings(at: after(0))
    let broken = ledger.checkInvariants()
    #expect(series.values.reduce(0) { $0 + $1.tokens } == 400)
    #expect(series.values.reduce(0) { $0 + $1.requests } == 50)
    let others = #"agent="__other__",user="__other__",model="__other__""#
    #expect(series[others + #",token_type="output""#] != nil && series[others + #",token_type="__other__""#] != nil)
    #expect(series[others]?.requests ?? 0 > 0)
    #expect(ledger.counters.seriesOverflow > 0 && broken == [])
    // Folded series still charge budgets of their own.
    #expect(accounts == Array(repeating: Reading(used: 8), count: 50))
  }

  @Test("scope values past the bound fold into __other__")
  func scopes() {
    var ledger = makeLedger { $0.bounds.maxScopeValues = 10 }
    for agent in 0..<50 { ledger.use(2, tags(["agent": "a\(agent)"]), at: after(0)) }
    let usage = ledger.usage(by: "agent", in: .hour, top: 100, now: after(0))!
    #expect(usage.count == 11 && usage[0].value == "__other__" && usage[0].tokens == 80)
    #expect(usage.reduce(0) { $0 + $1.tokens } == 100)
    #expect(ledger.counters.scopeOverflow > 0)
  }

  @Test("random tags from anywhere keep every bound")
  func flood() {
    var random = ZoneRandom("flood")
    var ledger = makeLedger([
      .test(limit: 50, per: ["agent"], window: .rolling(.minutes(5))),
      .test("pair", limit: 9, per: ["user", "session"]),
    ]) {
      $0.bounds.maxSeries = 20
      $0.bounds.maxAccounts = 20
      $0.bounds.maxScopeValues = 20
      $0.bounds.maxReservations = 20
      $0.bounds.seriesIdleExpiry = .minutes(2)
    }
    let alphabet = Array("abkinduser:agent,session\"\\\n=é".utf8) + [0xFF, 0]
    for step in 0..<3000 {
      let now = after(Int64(step) * 7)
      let junk = (0..<Int.random(in: 0...20, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
      let kind = UsageEvent.Kind.allCases.randomElement(using: &random)!
      let spelled = Array("agent:\(step % 90),user:\(step % 7),session:\(step % 31),".utf8)
      ledger.line(kind, 1, bytes: Bool.random(using: &random) ? junk : spelled + junk, at: now)
      _ = ledger.hold(tokens(1), tags(["agent": "r\(step % 40)"]), ttl: .seconds(60), at: now)
      ledger.maintain(now: now)
      let broken = ledger.checkInvariants()
      #expect(broken == [], "step \(step)")
    }
  }
}
