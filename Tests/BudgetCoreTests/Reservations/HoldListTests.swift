import Testing

@testable import BudgetCore

@Suite("Holds of a reservation")
struct HoldListTests {
  @Test("any number of holds, near or far", arguments: 0...9)
  func list(count: Int) {
    var list = HoldList()
    for round in 0..<2 {
      for account in 0..<count {
        list.append(Reservation.Hold(account: account, accountSerial: UInt32(round), amount: Quantity(account)))
      }
      for index in list.indices { list[index].amount += 1 }
      #expect(list.count == count && list.map { Int($0.account) } == Array(0..<count))
      #expect(list.allSatisfy { $0.amount == Quantity($0.account) + 1 && $0.accountSerial == UInt32(round) })
      list.removeAll()
      #expect(list.isEmpty)
    }
  }

  @Test("a call that ten budgets count is held, charged at its expiry and given back by a late settle in each")
  func manyBudgets() {
    let names = (0..<10).map { "b\($0)" }
    var ledger = makeLedger(names.map { .test($0, limit: 100) })
    func readings(at second: Int64) -> Set<Reading> {
      Set(names.flatMap { ledger.readings($0, at: after(second)) })
    }
    let id = ledger.hold(tokens(40), ttl: .seconds(10), at: after(0))!
    #expect(readings(at: 1) == [Reading(used: 0, reserved: 40)])
    #expect(readings(at: 11) == [Reading(used: 40)])
    _ = ledger.settle(id, actual: tokens(25), now: after(12))
    #expect(readings(at: 13) == [Reading(used: 25)])
    #expect(ledger.checkInvariants() == [])
  }
}

extension Reading: Hashable {
  func hash(into hasher: inout Hasher) {
    hasher.combine(used)
    hasher.combine(reserved)
  }
}
