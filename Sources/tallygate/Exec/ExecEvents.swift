import BudgetCore
import CLinux
import NIOConcurrencyHelpers

/// What happened to the command's budgets, from the threads where it happens to the one that watches the command.
final class ExecEvents: Sendable {
  /// Readable when something happened.
  let descriptor: Int32
  private let waiting = NIOLockedValueBox<[BudgetEvent]>([])

  init() throws(StartError) {
    descriptor = clinux_event_create()
    guard descriptor >= 0 else { throw StartError("No descriptor is left to hear of events.") }
  }

  func tell(_ events: [LedgerEvent]) {
    // An allocation that is used up says nothing about its pool's budget.
    let told = events.compactMap(\.budgetEvent).filter { $0.signal == nil }
    guard !told.isEmpty else { return }
    waiting.withLockedValue { $0 += told }
    _ = clinux_event_signal(descriptor)
  }

  func take() -> [BudgetEvent] {
    clinux_event_clear(descriptor)
    return waiting.withLockedValue { events in
      defer { events = [] }
      return events
    }
  }
}
