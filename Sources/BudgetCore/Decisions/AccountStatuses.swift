/// The accounts of an answer, as they stood when it was given.
///
/// Their numbers stand together in memory that the ledger uses again once the answer is gone, and their names in pages
/// that all answers share: an answer counts references for itself, not for each account.
package struct AccountStatuses: RandomAccessCollection, Sendable {
  /// The first `count` of them; the rest is room.
  private let figures: [AccountFigures]
  private let names: AccountNames
  /// Those of the accounts that do not exist yet.
  private let absentNames: [AccountIdentity]?
  package let count: Int

  init(_ figures: [AccountFigures], count: Int, names: AccountNames, absentNames: [AccountIdentity]? = nil) {
    self.figures = figures
    self.count = count
    self.names = names
    self.absentNames = absentNames
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package subscript(position: Int) -> AccountStatus {
    precondition(position < count, "there is no such account")
    let index = Int(figures[position].index)
    return AccountStatus(figures[position], of: index >= 0 ? names[index] : absentNames![~index])
  }
}

// Making answers: room is taken, the figures of each account are written to it, and it is answered with the names.
extension Ledger {
  /// Room for so many accounts. New memory only while the answer before is still with its reader.
  @inline(__always)
  mutating func takeStatusRoom(for count: Int) -> [AccountFigures] {
    if let room = statusRoom.take(), room.count >= count { return room }
    return Array(repeating: .none, count: max(8, count))
  }

  @inline(__always)
  mutating func answer(
    _ room: [AccountFigures], count: Int, absentNames: [AccountIdentity]? = nil
  ) -> AccountStatuses {
    statusRoom = room
    return AccountStatuses(room, count: count, names: accounts.identities, absentNames: absentNames)
  }

  @inline(__always)
  mutating func figures(_ index: Int) -> AccountFigures {
    AccountFigures(
      index: index, limit: accounts[index].limit, used: accounts[index].used, reserved: accounts[index].reserved,
      usedTotal: accounts[index].usedTotal, isStopped: accounts[index].isStopped,
      windowStart: accounts[index].windowStart, windowEnd: accounts[index].windowEnd)
  }

  mutating func status(_ index: Int) -> AccountStatus {
    AccountStatus(figures(index), of: accounts.identities[index])
  }
}
