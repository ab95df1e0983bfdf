/// Something that changes a limit for a time: an override (the limit itself) or a top-up (what is added to it).
package struct LimitTerm: Hashable, Sendable {
  /// In the unit's smallest step. `nil` is unlimited.
  package var amount: Quantity?
  /// When it ends, on both clocks: an account looks at the one its window goes by. `nil`: when it is taken back,
  /// a top-up also when its account's lifetime starts anew.
  package var until: Moment?

  package init(amount: Quantity?, until: Moment?) {
    self.amount = amount
    self.until = until
  }

  /// When it ends, in nanoseconds on one clock.
  func end(on axis: Account.Axis) -> Int64 {
    guard let until else { return .max }
    return (axis == .steady ? until.steady : until.wall).nanoseconds
  }
}

/// What differs for one account from its budget's limit.
struct AccountTerms: Hashable, Sendable {
  static let maximumTopUps = 64

  var override: LimitTerm?
  var topUps: [LimitTerm] = []

  var isEmpty: Bool { override == nil && topUps.isEmpty }

  mutating func removeEnded(axis: Account.Axis, reading: Int64) {
    if let end = override?.end(on: axis), end <= reading { override = nil }
    topUps.removeAll { $0.end(on: axis) <= reading }
  }
}
