/// How much of a foreign document is read before it is refused.
package struct JSONLimits: Hashable, Sendable {
  /// Arrays and objects inside one another. The reader is recursive, so anything above
  /// `deepestAllowed` is taken as that.
  package var depth: Int
  /// Values in the whole document: members, elements and the root.
  package var values: Int

  package static let deepestAllowed = 256

  package init(depth: Int = 32, values: Int = 100_000) {
    self.depth = min(depth, Self.deepestAllowed)
    self.values = values
  }
}
