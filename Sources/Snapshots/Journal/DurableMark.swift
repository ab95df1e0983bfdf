/// Up to which act a loss of power takes nothing: by a sync of the journal, or by a snapshot.
struct DurableMark: Hashable, Sendable {
  /// The number of the last act that is on the disk.
  private(set) var durable: UInt64 = 0
  /// The last act in a snapshot that is on the disk.
  private var snapshot: UInt64 = 0
  /// The last act that only a snapshot makes durable: one that a failed journal gave up, or that journals of before
  /// this process hold. What newer journals hold stands behind it.
  private var gap: UInt64

  /// - Parameter sequence: the last act of before this process.
  init(after sequence: UInt64) { gap = sequence }

  /// Whether only a snapshot can make anything durable.
  var hasGap: Bool { snapshot < gap }

  /// Everything up to this act was written to journals that were forced to the disk since.
  mutating func synced(through sequence: UInt64) { if !hasGap { durable = max(durable, sequence) } }

  mutating func gaveUp(through sequence: UInt64) { gap = max(gap, sequence) }

  mutating func saved(through sequence: UInt64) {
    snapshot = max(snapshot, sequence)
    durable = max(durable, sequence)
  }
}
