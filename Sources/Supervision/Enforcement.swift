package import BudgetCore
import Glibc

/// How far an action against a process has come, and which signals are due. Pure: whoever owns it sends them.
package struct Enforcement: Sendable {
  package enum Stage: Hashable, Sendable {
    /// The budget lasts, or nothing is to be done about it.
    case watching
    case paused
    /// Asked to end, and to be killed from then on.
    case ending(killAt: Instant)
    case killed
  }

  package let action: ExceedAction
  package let grace: Interval
  package private(set) var stage = Stage.watching

  /// - Parameter grace: from SIGTERM to SIGKILL.
  package init(action: ExceedAction, grace: Interval) {
    self.action = action
    self.grace = grace
  }

  /// The signals to send now that nothing of the budget is left. A second time nothing is.
  package mutating func budgetIsGone(now: Instant) -> [Int32] {
    guard stage == .watching else { return [] }
    switch action {
    case .warn: return []
    case .pause:
      stage = .paused
      return [SIGSTOP]
    case .stop:
      stage = .ending(killAt: now + grace)
      // A process that somebody stopped would never hear the first one.
      return [SIGTERM, SIGCONT]
    case .kill:
      stage = .killed
      return [SIGKILL]
    }
  }

  /// The signals to send now that there is something left again. Who was asked to end is not asked to stay.
  package mutating func budgetIsBack() -> [Int32] {
    guard stage == .paused else { return [] }
    stage = .watching
    return [SIGCONT]
  }

  /// The signals that are due because time passed. What was killed is killed again while something of it lives: it
  /// may have had children in the meantime.
  package mutating func signalsDue(now: Instant) -> [Int32] {
    switch stage {
    case .ending(let killAt) where now >= killAt:
      stage = .killed
      return [SIGKILL]
    case .killed: return [SIGKILL]
    case .watching, .paused, .ending: return []
    }
  }

  /// Whether the process is to end, one way or another.
  package var isEnding: Bool {
    switch stage {
    case .watching, .paused: false
    case .ending, .killed: true
    }
  }
}
