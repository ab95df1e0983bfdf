internal import NIOCore

/// The answers of one turn of the event loop that wait until what their requests did is written.
///
/// Whoever writes is asked once for all of them: to wake a thread for each would cost more than to decide. Where turns
/// have one answer each, it is asked for as soon as its connection was read. It lives on the loop and never leaves it.
final class CommitTurn {
  private let commitment: Commitment
  /// How long a disk may hold up an answer.
  private let limit: TimeAmount
  private var waiting: [() -> Void] = []
  /// Answers of this turn, and whether the one before had no more than one.
  private var added = 0
  private var isQuiet = true

  /// Answers that were asked for.
  private final class Asked {
    private var answers: [() -> Void]
    var timer: Scheduled<Void>?

    init(_ answers: [() -> Void]) { self.answers = answers }

    func send() {
      timer?.cancel()
      let all = answers
      answers = []
      for answer in all { answer() }
    }
  }

  init(commitment: Commitment, limit: Duration) {
    self.commitment = commitment
    self.limit = TimeAmount(limit)
  }

  /// - Parameter answer: called once: at the end of this turn, or as soon as everything is written, or after the limit.
  func add(on loop: any EventLoop, _ answer: @escaping () -> Void) {
    waiting.append(answer)
    added += 1
    guard added == 1 else { return }
    let here = NIOLoopBound(self, eventLoop: loop)
    // What is executed from within the loop runs when all that has arrived is handled.
    loop.execute { here.value.end(on: loop) }
  }

  /// To be called when a connection was read: a lone caller need not wait for others.
  func connectionWasRead(on loop: any EventLoop) {
    if isQuiet, added == 1 { ask(on: loop) }
  }

  private func end(on loop: any EventLoop) {
    isQuiet = added == 1
    added = 0
    ask(on: loop)
  }

  private func ask(on loop: any EventLoop) {
    guard !waiting.isEmpty else { return }
    let asked = Asked(waiting)
    waiting = []
    let here = NIOLoopBound(asked, eventLoop: loop)
    let isKept = commitment.isKept(.written) { loop.execute { here.value.send() } }
    guard !isKept else { return asked.send() }
    asked.timer = loop.scheduleTask(in: limit) { here.value.send() }
  }
}
