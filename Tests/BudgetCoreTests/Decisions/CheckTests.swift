import Testing

@testable import BudgetCore

/// A check shows nobody that it was made; what it may keep is a route to what was there already.
@Suite("Checks")
struct CheckTests {
  /// What checks must not change.
  struct Seen: Equatable {
    var accounts: Int
    var series: Int
    var scopes: Int
    var unpriced: [String]
    var overflows: [Int64]
  }

  private static func seen(_ ledger: borrowing Ledger) -> Seen {
    Seen(
      accounts: ledger.accountCount, series: ledger.seriesCount, scopes: ledger.scopes.count,
      unpriced: ledger.unpricedModels,
      overflows: [ledger.counters.accountOverflow, ledger.counters.scopeOverflow, ledger.counters.seriesOverflow])
  }

  private static func ledger(maxAccounts: Int = 100) -> Ledger {
    makeLedger([.test(limit: 1000, per: ["agent"]), .test("money", limit: nil, unit: .cost)]) { settings in
      settings.bounds.maxAccounts = maxAccounts
      settings.scopes = ["agent", "token_type"]
    }
  }

  private static let known = tags(["agent": "a", "model": "m"])

  @Test("a check of tags in use keeps a route, shows nothing of itself, and the next one says the same")
  func keepsRoute() {
    var ledger = Self.ledger()
    ledger.line(.tokens, 7, "agent:a,model:m,token_type:input", at: after(0))
    let (before, routes) = (Self.seen(ledger), ledger.calls.keys.count)
    let first = ledger.ask(tokens(5), Self.known, at: after(1))
    let kept = ledger.calls.keys.count
    let second = ledger.ask(tokens(5), Self.known, at: after(1))
    let afterwards = Self.seen(ledger)
    #expect(routes == 0 && kept == 1)
    #expect(before == afterwards)
    #expect(first.verdict == second.verdict && first.cost == second.cost && first.granted == second.granted)
    #expect(first.costIsEstimated == second.costIsEstimated)
    #expect(first.accounts.map(\.budget.name) == second.accounts.map(\.budget.name))
    #expect(first.accounts.map(\.used) == second.accounts.map(\.used))
  }

  @Test(
    "a check whose route would show keeps none",
    arguments: [
      // An agent without an account and without a value in its scope, a model that nobody has used, a kind of tokens.
      (tags(["agent": "b", "model": "m"]), TokenKind.input), (tags(["agent": "a", "model": "n"]), .input),
      (tags(["agent": "a", "model": "m"]), .output),
    ])
  func keepsNone(asked: TagSet, kind: TokenKind) {
    var ledger = Self.ledger()
    ledger.line(.tokens, 7, "agent:a,model:m,token_type:input", at: after(0))
    let before = Self.seen(ledger)
    _ = ledger.ask(tokens(5, kind), asked, at: after(1))
    let (afterwards, routes) = (Self.seen(ledger), ledger.calls.keys.count)
    #expect(before == afterwards)
    #expect(routes == 0)
  }

  @Test("a check that the common account answers for want of room keeps no route and counts no overflow")
  func overflow() {
    var ledger = Self.ledger(maxAccounts: 2)
    ledger.line(.tokens, 7, "agent:a,model:m,token_type:input", at: after(0))
    ledger.line(.tokens, 7, "agent:b,model:m,token_type:input", at: after(0))
    let before = Self.seen(ledger)
    _ = ledger.ask(tokens(5), tags(["agent": "b", "model": "m"]), at: after(1))
    let (afterwards, routes) = (Self.seen(ledger), ledger.calls.keys.count)
    #expect(before.overflows[0] > 0)
    #expect(before == afterwards)
    #expect(routes == 0)
  }
}
