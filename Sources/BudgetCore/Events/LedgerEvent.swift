/// What the ledger tells: to the log, to listeners, outside the lock.
package enum LedgerEvent: Sendable {
  /// An account or an allocation crossed a threshold.
  case budget(BudgetEvent)
  /// An operator or a rule stopped a subject or let it go on.
  case subject(SubjectEvent)
  /// A task or session ran away, or a call cost far too much.
  case activity(ActivityEvent)
  /// The wall clock was set.
  case clockStep(ClockStep)

  package var budgetEvent: BudgetEvent? {
    if case .budget(let event) = self { event } else { nil }
  }

  package var subjectEvent: SubjectEvent? {
    if case .subject(let event) = self { event } else { nil }
  }

  package var activityEvent: ActivityEvent? {
    if case .activity(let event) = self { event } else { nil }
  }
}

extension Ledger {
  static let maximumPendingEvents = 4096

  /// Keeps an event until somebody takes it; counts those that found no room.
  mutating func post(_ event: LedgerEvent) {
    guard pendingEvents.count < Self.maximumPendingEvents else {
      counters.eventsLost += 1
      return
    }
    pendingEvents.append(event)
  }

  /// Takes over the events that the ledger before it had not told, and where its clocks stood.
  package mutating func inherit(_ untold: [LedgerEvent], clocks: ClockWatch) {
    pendingEvents.insert(contentsOf: untold, at: 0)
    watch = clocks
  }

  package var hasEvents: Bool { !pendingEvents.isEmpty }

  /// Events since the last call, oldest first: to be told outside the lock.
  package mutating func takeEvents() -> [LedgerEvent] {
    guard !pendingEvents.isEmpty else { return [] }
    defer { pendingEvents.removeAll(keepingCapacity: true) }
    return pendingEvents
  }
}
