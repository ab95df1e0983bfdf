/// Something that changed a ledger, as a journal keeps it: done again in the same order at the same moments, the acts
/// since a snapshot lead to the same state.
///
/// Usage lines are kept as `UsageLog` notes them; they are no acts of this kind.
package enum LedgerAct: Hashable, Sendable {
  case record(Spend, tags: TagSet, id: String?, duration: Int64?)
  /// What was held, or denied, with its output as it was estimated or cut. What was granted is held again whatever the
  /// limits are by then: its caller was told so.
  case reserve(tags: TagSet, spend: Spend, granted: Granted?)
  case settle(ReservationID, actual: Spend?)
  case release(ReservationID)
  case topUp(BudgetTarget, amount: Quantity, until: Instant?)
  case override(BudgetTarget, limit: Quantity?, until: Instant?)
  case removeOverride(BudgetTarget)
  case reset(BudgetTarget)
  case allocate(AllocationRequest, secret: UInt64)
  case use(AllocationID, AllocationUsage)
  case releaseAllocation(AllocationID)
  case topUpPool(String, tokens: Quantity, allocation: UInt64?)
  case stop(Tag, reason: String)
  case resume(Tag)
  case declareJob(String, items: Int64)
  /// The counters were shown to somebody, and must not go back from there.
  case show

  /// How a reservation was granted.
  package struct Granted: Hashable, Sendable {
    package var id: ReservationID
    package var outputSource: OutputSource
    /// On the steady clock.
    package var deadline: Instant

    package init(id: ReservationID, outputSource: OutputSource, deadline: Instant) {
      self.id = id
      self.outputSource = outputSource
      self.deadline = deadline
    }
  }

  /// Accounts of a budget, as an operator names them.
  package struct BudgetTarget: Hashable, Sendable {
    package var budget: String
    package var unit: BudgetUnit?
    package var tags: [Tag]

    package init(budget: String, unit: BudgetUnit?, tags: [Tag]) {
      self.budget = budget
      self.unit = unit
      self.tags = tags
    }
  }
}

/// Where the acts of a ledger are kept, in the order in which they happen.
///
/// It takes the bytes and returns at once.
package protocol ActJournal: Sendable {
  /// Called with the ledger's lock held.
  /// - Returns: the number of the act; each is one more than the one before.
  func append(_ act: LedgerAct, at now: Moment) -> UInt64
  /// Called with the ledger's lock held.
  /// - Parameter usage: what the usage log noted of lines that were counted together; valid during the call.
  func append(usage: UnsafeRawBufferPointer, at now: Moment) -> UInt64
  /// Somebody will wait for the acts that were appended: called when the lock was let go.
  func hurry()
}
