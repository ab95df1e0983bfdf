/// One reservation as it is stored, open or remembered. Its slot is its position among all stored ones.
package struct SavedReservation: Hashable, Sendable {
  package enum State: UInt8, CaseIterable, Sendable { case held = 0, settled, released, expired }

  package struct Hold: Hashable, Sendable {
    /// Where the account stands among the stored ones.
    package var account: Int
    package var amount: Quantity
    /// Where the expiry charged it, if it did: the bucket's number and the window's start.
    package var chargedBucket: Int64
    package var chargedWindow: Instant?

    package init(account: Int, amount: Quantity, chargedBucket: Int64 = 0, chargedWindow: Instant? = nil) {
      self.account = account
      self.amount = amount
      self.chargedBucket = chargedBucket
      self.chargedWindow = chargedWindow
    }
  }

  /// How often the slot was used before.
  package var serial: UInt32
  package var secret: UInt64
  package var state: State
  package var tags: [Tag]
  package var spend: Spend
  package var holds: [Hold]
  /// On the steady clock.
  package var deadline: Instant

  package init(
    serial: UInt32, secret: UInt64, state: State, tags: [Tag], spend: Spend, holds: [Hold], deadline: Instant
  ) {
    self.serial = serial
    self.secret = secret
    self.state = state
    self.tags = tags
    self.spend = spend
    self.holds = holds
    self.deadline = deadline
  }
}
