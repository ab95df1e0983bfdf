/// One parsed usage line (or one value of it), as the hot path hands it to the ledger.
///
/// `tags` points at the raw spelling of the tags inside the receive buffer; it is read during
/// `Ledger.apply` only.
package struct UsageEvent {
  package enum Kind: UInt8, CaseIterable, Sendable { case tokens, cost, requests, items, duration }

  package var tags: UnsafeRawPointer
  package var tagsLength: UInt32
  /// The amount's part below one, in 2^-32 (tokens, requests, items): carried from line to line of a series.
  package var fraction: UInt32 = 0
  /// `ByteHash` of the raw tags with the ledger's seed.
  package var hash: UInt64
  /// Tokens, requests, items; picodollars of a cost; nanoseconds of a duration. Never negative.
  package var amount: Int64
  /// How many observations a sampled duration stands for; 1 when it was not sampled.
  package var weight: Double = 1
  /// Seconds since the epoch at which the usage happened; `noTimestamp` for now.
  package var timestamp: Int64 = noTimestamp
  package var kind: Kind

  package static let noTimestamp = Int64.min

  package init(kind: Kind, amount: Int64, tags: UnsafeRawPointer, tagsLength: Int, hash: UInt64) {
    self.kind = kind
    self.amount = amount
    self.tags = tags
    self.tagsLength = UInt32(truncatingIfNeeded: tagsLength)
    self.hash = hash
  }
}
