import NIOConcurrencyHelpers
import Threads

/// The thread that writes snapshots, one after the other: a disk that hangs holds up this thread and nobody else.
final class SaveThread: Sendable {
  typealias Outcome = Result<Int, StartError>

  /// Somebody who waits for a snapshot that begins after they asked.
  private final class Ticket: Sendable {
    private let isDone = ConditionLock(value: false)
    private let outcome = NIOLockedValueBox<Outcome?>(nil)

    func finish(_ result: Outcome) {
      outcome.withLockedValue { $0 = result }
      isDone.lock()
      isDone.unlock(withValue: true)
    }

    func wait(_ limit: Duration) -> Outcome? {
      if isDone.lock(whenValue: true, timeoutSeconds: limit / .seconds(1)) { isDone.unlock() }
      return outcome.withLockedValue { $0 }
    }
  }

  private let bell = ConditionLock(value: false)
  private let tickets = NIOLockedValueBox<[Ticket]>([])
  private let isSaving = NIOLockedValueBox(false)

  /// The thread lives as long as the process.
  init(_ save: @escaping @Sendable () -> Outcome) throws(ThreadError) {
    _ = try NamedThread(name: "snapshot") { [bell, tickets, isSaving] in
      while true {
        bell.lock(whenValue: true)
        isSaving.withLockedValue { $0 = true }
        bell.unlock(withValue: false)
        let asked = tickets.withLockedValue { all in
          defer { all = [] }
          return all
        }
        let outcome = save()
        isSaving.withLockedValue { $0 = false }
        for ticket in asked { ticket.finish(outcome) }
      }
    }
  }

  /// Asks for a snapshot, unless one is being written.
  func request() { if !isSaving.withLockedValue({ $0 }) { ring() } }

  /// Asks for a snapshot that begins from now on, and waits for it.
  /// - Returns: `nil` when it is not written by then.
  func request(within limit: Duration) -> Outcome? {
    let ticket = Ticket()
    tickets.withLockedValue { $0.append(ticket) }
    ring()
    return ticket.wait(limit)
  }

  private func ring() {
    bell.lock()
    bell.unlock(withValue: true)
  }
}
