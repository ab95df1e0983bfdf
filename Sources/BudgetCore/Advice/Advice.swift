/// What one who spends is advised to do. Nothing of it is enforced.
package struct Advice: Hashable, Sendable {
  /// Tokens to compress the prompt to; `nil`: leave it as it is.
  package var compressTo: Int64?
  /// The model to use instead of the asked one; `nil`: the asked one is right.
  package var model: String?

  package init(compressTo: Int64? = nil, model: String? = nil) {
    self.compressTo = compressTo
    self.model = model
  }

  /// What follows from how these accounts stand. Only budgets that are enforced count, and of them the tightest.
  ///
  /// - Parameters:
  ///   - model: the model that was asked for, if any.
  ///   - difficulty: of the task.
  package init(accounts: some Sequence<AccountStatus>, model: String?, difficulty: Difficulty, settings: AdviceSettings)
  {
    let enforced = accounts.filter { $0.budget.mode == .enforce && $0.limit != nil }
    let passed = settings.ladder.filter { rung in enforced.contains { $0.isUsed(above: rung.above) } }
    compressTo = passed.max { ($0.above, $1.compressTo) < ($1.above, $0.compressTo) }?.compressTo
    let isLow = enforced.contains { $0.remains(below: settings.modelsBelow) }
    self.model = settings.models.better(than: model, for: isLow ? difficulty.easier : difficulty)
  }
}

extension Decision {
  /// What follows from how its accounts stand.
  package func advice(model: String?, difficulty: Difficulty, settings: AdviceSettings) -> Advice {
    Advice(accounts: accounts, model: model, difficulty: difficulty, settings: settings)
  }
}

extension AccountStatus {
  /// Whether the used share is strictly above a ratio. A limit of 0 is used up.
  package func isUsed(above ratio: Ratio) -> Bool {
    guard let limit else { return false }
    guard limit > 0 else { return ratio.millionths < 1_000_000 }
    return used.saturatingMultiply(1_000_000) > limit.saturatingMultiply(Quantity(ratio.millionths))
  }

  /// Whether the remaining share is strictly below a ratio. Of a limit of 0 nothing remains.
  package func remains(below ratio: Ratio) -> Bool {
    guard let limit, let remaining else { return false }
    guard limit > 0 else { return ratio.millionths > 0 }
    return remaining.saturatingMultiply(1_000_000) < limit.saturatingMultiply(Quantity(ratio.millionths))
  }
}
