import BudgetCore
import LedgerAccess
import Snapshots

extension LedgerReplay {
  /// Does again what a journal hands over.
  mutating func apply(_ content: JournalContent, at now: Moment) {
    switch content {
    case .act(let act): apply(act, at: now)
    case .usage(let lines): apply(lines, at: now)
    }
  }
}
