internal import NIOCore

/// The one timer of a connection.
///
/// A deadline that moves later only changes a number: the scheduled task finds it when it runs and follows it.
/// So a busy keep-alive connection costs one task a minute instead of one for each read.
final class ConnectionDeadline {
  /// What the connection waits for.
  enum Wait: Equatable {
    case idle
    /// The rest of a header section or of a body. The deadline stays while `epoch` does, so that a peer gains
    /// nothing by sending a byte now and then.
    case header(epoch: Int)
    case body(epoch: Int)
    case write(epoch: Int)
    case stream
    case linger
  }

  private let loop: any EventLoop
  private let fire: (Wait) -> Void
  private var wait: Wait?
  private var due = NIODeadline.distantFuture
  private var task: Scheduled<Void>?
  private var taskDue = NIODeadline.distantFuture

  init(loop: any EventLoop, fire: @escaping (Wait) -> Void) {
    self.loop = loop
    self.fire = fire
  }

  func start(_ next: Wait, within limit: Duration) {
    if next == wait, next != .idle { return }
    wait = next
    due = .now() + TimeAmount(limit)
    if task == nil || due < taskDue { schedule() }
  }

  /// Nothing is waited for: the task, if any, will find nothing to do.
  func pause() { wait = nil }

  func cancel() {
    wait = nil
    task?.cancel()
    task = nil
  }

  private func schedule() {
    task?.cancel()
    taskDue = due
    task = loop.assumeIsolated().scheduleTask(deadline: due) { [weak self] in self?.check() }
  }

  private func check() {
    task = nil
    guard let expired = wait else { return }
    guard due <= .now() else { return schedule() }
    wait = nil
    fire(expired)
  }
}
