package import BudgetCore

/// What a journal's record holds, to be done again.
package enum JournalContent {
  case act(LedgerAct)
  /// Lines that were counted together. They last until the call that hands them over returns.
  case usage(UsageBatch)
}
