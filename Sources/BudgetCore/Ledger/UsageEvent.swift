/// One parsed usage line (or one value of it), as the hot path hands it to the ledger.
///
/// `tags` points at the raw spelling of the tags inside the receive buffer; it is read during
/// `Ledger.apply` only. Public, not package: no other code is inlined into another module, and one is made for each line.
public struct UsageEvent {
  /// What is counted.
  public enum Kind: UInt8, CaseIterable, Sendable { case tokens, cost, requests, items, duration }

  /// The first byte of its tags as they were written.
  public var tags: UnsafeRawPointer
  /// In bytes.
  public var tagsLength: UInt32
  /// The amount's part below one, in 2^-32 (tokens, requests, items): carried from line to line of a series.
  public var fraction: UInt32 = 0
  /// `ByteHash` of the raw tags with the ledger's seed.
  public var hash: UInt64
  /// Tokens, requests, items; picodollars of a cost; nanoseconds of a duration. Never negative.
  public var amount: Int64
  /// How many observations a sampled duration stands for; 1 when it was not sampled.
  public var weight: Double = 1
  /// Seconds since the epoch at which the usage happened; `noTimestamp` for now.
  public var timestamp: Int64 = noTimestamp
  /// What `amount` is.
  public var kind: Kind

  /// What stands for no time in `timestamp`.
  @inlinable
  public static var noTimestamp: Int64 { .min }

  /// Whether it says no more than whole tokens, used now.
  @inline(__always)
  var isPlainTokens: Bool { kind == .tokens && fraction == 0 && timestamp == Self.noTimestamp }

  /// An event of now, of whole units.
  @inlinable @inline(__always)
  public init(kind: Kind, amount: Int64, tags: UnsafeRawPointer, tagsLength: Int, hash: UInt64) {
    self.kind = kind
    self.amount = amount
    self.tags = tags
    self.tagsLength = UInt32(truncatingIfNeeded: tagsLength)
    self.hash = hash
  }
}
