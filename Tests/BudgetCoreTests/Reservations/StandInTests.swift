import Testing

@testable import BudgetCore

@Suite("Reservations on everybody's account")
struct StandInTests {
  @Test(
    "what was held on everybody's account is settled there, though its own has found a place since",
    arguments: [false, true])
  func settledWhereHeld(byLine: Bool) {
    var ledger = makeLedger([.test(limit: 1000, per: ["agent"])]) { $0.bounds.maxAccounts = 2 }
    for agent in ["first", "second"] { _ = ledger.hold(tokens(0), tags(["agent": agent]), at: after(0)) }
    // No place is left: everybody's account holds it.
    guard let late = ledger.hold(tokens(900), tags(["agent": "late"]), ttl: .hours(10), at: after(1)) else {
      return #expect(Bool(false))
    }
    ledger.maintain(now: after(2 * 3600))
    guard let own = ledger.hold(tokens(1000), tags(["agent": "late"]), ttl: .hours(10), at: after(2 * 3600 + 1)) else {
      return #expect(Bool(false))
    }
    if byLine {
      ledger.line(.tokens, 900, "agent:late,reservation:\(late.text)", at: after(2 * 3600 + 2))
    } else {
      _ = ledger.settle(late, actual: tokens(900), now: after(2 * 3600 + 2))
    }
    for account in ledger.accountStatuses(now: after(2 * 3600 + 2)) {
      let taken = account.used + account.reserved
      #expect(taken <= 1000, "\(account.tags): \(taken)")
    }
    let broken = ledger.checkInvariants()
    #expect(broken == [])
    _ = ledger.settle(own, actual: nil, now: after(2 * 3600 + 3))
  }
}
