// What no caller could have done is nothing that a journal of ours holds.
extension LedgerAct {
  /// Whether every amount is one that a ledger takes: nothing negative, and far from where sums end. Asked before an
  /// act that was read from bytes is done again.
  package var isWithinBounds: Bool {
    switch self {
    case .record(let spend, _, _, let duration): spend.isWithinBounds && (duration ?? 0) >= 0
    case .reserve(_, let spend, _): spend.isWithinBounds
    case .settle(_, let actual): actual?.isWithinBounds ?? true
    case .topUp(_, let amount, _): StoredBounds.isAmount(amount)
    case .override(_, let limit, _): StoredBounds.isAmount(limit ?? 0)
    case .allocate(let request, _): StoredBounds.isShare(request.cap ?? 0) && (request.ttl ?? .zero) >= .zero
    case .use(_, let usage):
      StoredBounds.isShare(usage.lookup) && StoredBounds.isShare(usage.reasoning)
        && StoredBounds.isShare(usage.untyped)
    case .topUpPool(_, let tokens, _): StoredBounds.isShare(tokens)
    case .declareJob(_, let items): (0...ActivitySettings.mostItems).contains(items)
    case .release, .removeOverride, .reset, .releaseAllocation, .stop, .resume, .show: true
    }
  }
}

extension Spend {
  fileprivate var isWithinBounds: Bool {
    tokens.allSatisfy { $0.count >= 0 } && StoredBounds.isAmount(cost) && requests >= 0 && items >= 0
  }
}

extension StoredBounds {
  /// An amount of one act: a million of them add up to a quantity that is still stored.
  static let amount: Quantity = 1 << 100
  /// The same for what an allocation takes.
  static let share: Quantity = 1 << 76

  fileprivate static func isAmount(_ value: Quantity) -> Bool { value >= 0 && value < amount }
  fileprivate static func isShare(_ value: Quantity) -> Bool { (0..<share).contains(value) }
}
