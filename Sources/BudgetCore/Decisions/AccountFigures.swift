/// The numbers of an account at one moment. Nothing in it is counted by references: many are copied and let go of at once.
struct AccountFigures: Sendable {
  /// Of the account in its table; `~n` for the n-th of the accounts in an answer that do not exist yet.
  let index: Int32
  let hasLimit: Bool
  let isStopped: Bool
  let limit: PackedQuantity
  let used: PackedQuantity
  let reserved: PackedQuantity
  let usedTotal: PackedQuantity
  let windowStart: Instant
  /// `distantFuture` for a window that does not turn by itself.
  let windowEnd: Instant

  init(
    index: Int, limit: Quantity?, used: Quantity, reserved: Quantity, usedTotal: Quantity, isStopped: Bool = false,
    windowStart: Instant, windowEnd: Instant
  ) {
    self.index = Int32(truncatingIfNeeded: index)
    hasLimit = limit != nil
    self.isStopped = isStopped
    self.limit = PackedQuantity(limit ?? 0)
    self.used = PackedQuantity(used)
    self.reserved = PackedQuantity(reserved)
    self.usedTotal = PackedQuantity(usedTotal)
    self.windowStart = windowStart
    self.windowEnd = windowEnd
  }

  /// Fills a place where no account is.
  static let none = AccountFigures(
    index: -1, limit: nil, used: 0, reserved: 0, usedTotal: 0, windowStart: .distantPast, windowEnd: .distantFuture)
}

/// A quantity with the alignment of its halves: arrays of what is aligned to 16 bytes come from an allocator of their own,
/// which takes twice as long.
struct PackedQuantity: Sendable {
  private let low: UInt64
  private let high: Int64

  @inline(__always)
  init(_ quantity: Quantity) {
    low = UInt64(truncatingIfNeeded: quantity)
    high = Int64(truncatingIfNeeded: quantity >> 64)
  }

  var quantity: Quantity {
    @inline(__always) get { Quantity(high) << 64 | Quantity(low) }
  }
}
