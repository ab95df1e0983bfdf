package import BudgetCore
import Glibc

/// Enforcement against whichever processes a target means at the moment.
///
/// While the budget is gone, each process that appears under the target is acted against too: a restart is no way
/// around a limit.
package struct TargetEnforcement {
  /// A signal that was sent, or could not be.
  package struct Sent: Hashable, Sendable {
    package var pid: Int32
    package var signal: Int32
    /// 0, or the system's `errno`.
    package var error: Int32
  }

  private struct Member {
    var handle: ProcessHandle
    var enforcement: Enforcement
  }

  /// Processes acted against at once: a name that fits more is a mistake.
  package static let mostProcesses = 256

  private let target: ProcessTarget
  private let action: ExceedAction
  private let grace: Interval
  private var members: [Int32: Member] = [:]

  package init(_ target: ProcessTarget, action: ExceedAction, grace: Interval) {
    self.target = target
    self.action = action
    self.grace = grace
  }

  /// Whether anything is left to be done about a process.
  package var isBusy: Bool { !members.isEmpty }

  /// Sends what is due. O(processes of the machine) while the budget is gone, else O(processes acted against).
  package mutating func act(isGone: Bool, now: Instant) -> [Sent] {
    members = members.filter { $0.value.handle.isAlive }
    if isGone {
      for pid in target.find() where members[pid] == nil && members.count < Self.mostProcesses {
        guard let handle = ProcessHandle(pid) else { continue }
        members[pid] = Member(handle: handle, enforcement: Enforcement(action: action, grace: grace))
      }
    }
    var sent: [Sent] = []
    for pid in members.keys.sorted() {
      guard var member = members[pid] else { continue }
      var signals = isGone ? member.enforcement.budgetIsGone(now: now) : member.enforcement.budgetIsBack()
      if signals.isEmpty { signals = member.enforcement.signalsDue(now: now) }
      for signal in signals {
        let error = member.handle.signal(signal)
        // It ended between two looks, which is what was wanted.
        if error != ESRCH { sent.append(Sent(pid: pid, signal: signal, error: error)) }
      }
      members[pid] = member.enforcement.stage == .watching ? nil : member
    }
    return sent
  }

  /// Lets go on who was paused: nobody else would.
  package mutating func release() -> [Sent] {
    let paused = members.filter { $0.value.enforcement.stage == .paused }
    members = [:]
    return paused.map { Sent(pid: $0, signal: SIGCONT, error: $1.handle.signal(SIGCONT)) }
  }
}
