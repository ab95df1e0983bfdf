/// One exported series as it is stored.
///
/// `labels` points into the capture's pages or the file's bytes; it is read while they live.
package struct SavedSeries {
  /// The rendered labels: `agent="a",user="b",…`.
  package var labels: UnsafeRawBufferPointer
  package var seen: SeriesRow.Kinds
  /// The parts of tokens or requests, and of items, that did not make a whole one yet, in 2^-32.
  package var carry: UInt32
  package var itemCarry: UInt32
  package var tokens: Int64
  package var requests: Int64
  package var items: Int64
  /// Picodollars.
  package var cost: Quantity
  /// On the steady clock.
  package var lastUse: Instant
  package var histogram: DurationHistogram?

  package init(
    labels: UnsafeRawBufferPointer, seen: SeriesRow.Kinds, carry: UInt32, itemCarry: UInt32, tokens: Int64,
    requests: Int64, items: Int64, cost: Quantity, lastUse: Instant, histogram: DurationHistogram?
  ) {
    self.labels = labels
    self.seen = seen
    self.carry = carry
    self.itemCarry = itemCarry
    self.tokens = tokens
    self.requests = requests
    self.items = items
    self.cost = cost
    self.lastUse = lastUse
    self.histogram = histogram
  }
}
