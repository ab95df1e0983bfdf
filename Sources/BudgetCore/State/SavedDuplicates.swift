/// The remembered ids of usage as they are stored: keyed hashes and the seed they were made with.
package struct SavedDuplicates: Sendable {
  package struct Key: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
      self.high = high
      self.low = low
    }
  }

  package var seed: UInt64
  /// When the younger generation began, on the steady clock; `nil` before the first id.
  package var turned: Instant?
  package var young: [Key]
  package var old: [Key]

  package init(seed: UInt64, turned: Instant?, young: [Key], old: [Key]) {
    self.seed = seed
    self.turned = turned
    self.young = young
    self.old = old
  }
}
