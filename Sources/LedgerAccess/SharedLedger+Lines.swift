package import BudgetCore
import Glibc
package import UsageProtocol

// Usage comes in, and lets questions go first: lines can wait, a decision cannot.
extension SharedLedger {
  /// Counts a batch of parsed lines, and the JSON objects among them: in one section, or in several when questions come
  /// meanwhile.
  /// - Returns: for how long one of them kept everybody else out, at most.
  @discardableResult
  package func apply(_ events: UnsafeBufferPointer<UsageEvent>, objects: [UsageObject] = []) -> Duration {
    var (events, objects) = (events[...], objects[...])
    var longest = Duration.zero
    repeat {
      letQuestionsGoFirst()
      let held = sectionOfLines { ledger, now in
        let began = ContinuousClock.now
        apply(someOf: &events, to: &ledger, now)
        if events.isEmpty { apply(someOf: &objects, to: &ledger, now) }
        return .now - began
      }
      longest = max(longest, held)
    } while !events.isEmpty || !objects.isEmpty
    return longest
  }

  private func apply(
    someOf events: inout Slice<UnsafeBufferPointer<UsageEvent>>, to ledger: inout Ledger, _ now: Moment
  ) {
    guard !events.isEmpty else { return }
    let counted = ledger.apply(UnsafeBufferPointer(rebasing: events), now: now) { !isAwaited }
    events = events.dropFirst(counted)
    if let journal { keep(journal.append(usage: ledger.log.take(), at: now), in: &ledger) }
  }

  private func apply(someOf objects: inout ArraySlice<UsageObject>, to ledger: inout Ledger, _ now: Moment) {
    while let object = objects.popFirst() {
      _ = ledger.record(object, now: now)
      if let journal { keep(journal.append(object.act, at: now), in: &ledger) }
      if isAwaited { return }
    }
  }

  /// Whoever takes the lock batch after batch takes it again before the one is awake who waited for it. So it waits, for
  /// two milliseconds at most.
  private func letQuestionsGoFirst() {
    var tries = 0
    while tries < 20, isAwaited {
      usleep(50)
      tries += 1
    }
  }
}
