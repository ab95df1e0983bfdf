import Testing

@testable import BudgetCore

/// Answers share their memory and the names of accounts with the ledger: none of them may ever see it.
@Suite("Accounts of an answer")
struct AccountStatusesTests {
  private static func ledger(_ budgets: [Budget] = [.test(limit: 1000, per: ["agent"], window: .fixed(.hours(1)))])
    -> Ledger
  { makeLedger(budgets) }

  private static func lines(_ accounts: AccountStatuses) -> [String] {
    accounts.map { "\($0.budget.name) \($0.tags.map(\.value)) \($0.used) \($0.reserved) \($0.limit ?? -1)" }
  }

  @Test("an answer that is kept says the same, whatever is used and answered after it")
  func keeps() {
    var ledger = Self.ledger([.test(limit: 1000, per: ["agent"]), .test("all", limit: 90)])
    ledger.use(7, tags(["agent": "a"]), at: after(0))
    let first = ledger.ask(tokens(5), tags(["agent": "a"]), at: after(1))
    let copy = first.accounts
    for agent in ["a", "b", "c"] {
      ledger.use(11, tags(["agent": agent]), at: after(2))
      _ = ledger.ask(tokens(5), tags(["agent": agent]), at: after(2))
    }
    let last = ledger.ask(tokens(5), tags(["agent": "a"]), at: after(3))
    #expect(Self.lines(first.accounts) == [#"b ["a"] 7 0 1000"#, "all [] 7 0 90"])
    #expect(Self.lines(copy) == Self.lines(first.accounts))
    #expect(Self.lines(last.accounts) == [#"b ["a"] 18 0 1000"#, "all [] 40 0 90"])
  }

  @Test("an answer names its account when another one has come to its place")
  func names() {
    var ledger = Self.ledger()
    ledger.use(7, tags(["agent": "gone"]), at: after(0))
    let before = ledger.ask(tokens(5), tags(["agent": "gone"]), at: after(1))
    ledger.maintain(now: after(3 * 3600))
    for agent in 0..<3 { ledger.use(1, tags(["agent": "new\(agent)"]), at: after(3 * 3600 + 1)) }
    let taken = ledger.accountStatuses(now: after(3 * 3600 + 1)).first { $0.index == before.accounts[0].index }
    #expect(taken.map { $0.tags.map(\.value) } != nil && taken?.tags != [Tag(key: "agent", value: "gone")])
    #expect(Self.lines(before.accounts) == [#"b ["gone"] 7 0 1000"#])
  }

  @Test("accounts that do not exist yet are named beside those that do, each with its own")
  func absent() {
    var ledger = Self.ledger([
      .test("x", limit: 10, per: ["agent"]), .test("all", limit: 90), .test("y", limit: 20, per: ["user"]),
    ])
    ledger.use(7, tags(["agent": "known"]), at: after(0))
    let decision = ledger.ask(tokens(5), tags(["agent": "a", "user": "u"]), at: after(1))
    #expect(
      Self.lines(decision.accounts).sorted() == ["all [] 7 0 90", #"x ["a"] 0 0 10"#, #"y ["u"] 0 0 20"#])
    #expect(decision.accounts.filter { $0.index < 0 }.count == 2)
  }

  @Test("an answer has as many accounts as match", arguments: [0, 1, 8, 9, 40])
  func many(budgets: Int) {
    var ledger = Self.ledger((0..<budgets).map { .test("b\($0)", limit: Quantity(100 + $0)) })
    let small = ledger.ask(tokens(1), at: after(0))
    ledger.use(3, at: after(1))
    let full = ledger.ask(tokens(1), at: after(2))
    let expected = (0..<budgets).map { Quantity(100 + $0) }
    #expect(small.accounts.count == budgets && full.accounts.count == budgets)
    #expect(full.accounts.compactMap(\.limit).sorted() == expected && full.accounts.allSatisfy { $0.used == 3 })
  }

  @Test("a copy of the names stays what it was, whichever page changes")
  func pages() {
    func identity(_ number: Int) -> AccountIdentity {
      AccountIdentity(rule: SharedBudget(.test("b\(number)", limit: 1)), values: [])
    }
    var names = AccountNames()
    for number in 0..<600 { names.append(identity(number)) }
    let copy = names
    for number in [0, 255, 256, 599] { names[number] = identity(1000 + number) }
    names.append(identity(600))
    #expect((0..<600).allSatisfy { copy[$0].budget.name == "b\($0)" })
    #expect([0, 255, 256, 599].allSatisfy { names[$0].budget.name == "b\(1000 + $0)" })
    #expect(names[1].budget.name == "b1" && names[600].budget.name == "b600")
  }
}
