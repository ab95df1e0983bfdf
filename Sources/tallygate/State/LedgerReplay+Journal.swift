import BudgetCore
import LedgerAccess
import Snapshots

extension LedgerReplay {
  /// Does again what a journal hands over.
  mutating func apply(_ content: JournalDirectory.Content, at now: Moment) {
    switch content {
    case .act(let act): apply(act, at: now)
    case .lines(let lines, let acceptsObjects): apply(lines: lines, acceptsObjects: acceptsObjects, at: now)
    }
  }
}
