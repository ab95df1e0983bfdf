/// The bounds that stored numbers are held to before anything is computed with them.
enum StoredBounds {
  /// Quantities stay below this, so that no sum over a ledger's tables can overflow 128 bits.
  static let quantity: Quantity = 1 << 120

  /// More slots than any configuration makes: what a short file could claim must not fill the memory.
  static let reservations = 1 << 22

  /// The same for each amount of an allocation: many are added up.
  static let allocation: Quantity = 1 << 96

  static func isValid(_ quantity: Quantity) -> Bool { quantity > -Self.quantity && quantity < Self.quantity }

  /// The sum of two quantities, kept within the bounds.
  static func sum(_ left: Quantity, _ right: Quantity) -> Quantity {
    min(max(left.saturatingAdd(right), 1 - quantity), quantity - 1)
  }
}
