internal import NIOCore

/// The answers of one turn of the event loop that wait until what their requests did is written.
///
/// Whoever writes is asked once for all of them: to wake a thread for each would cost more than to decide. It lives on
/// the loop and never leaves it.
final class CommitTurn {
  private let commitment: Commitment
  /// How long a disk may hold up an answer.
  private let limit: TimeAmount
  private var turn: Answers?

  private final class Answers {
    var waiting: [() -> Void] = []
    var timer: Scheduled<Void>?

    func send() {
      timer?.cancel()
      let all = waiting
      waiting = []
      for answer in all { answer() }
    }
  }

  init(commitment: Commitment, limit: Duration) {
    self.commitment = commitment
    self.limit = TimeAmount(limit)
  }

  /// - Parameter answer: called once: at the end of this turn, or as soon as everything is written, or after the limit.
  func add(on loop: any EventLoop, _ answer: @escaping () -> Void) {
    if let turn { return turn.waiting.append(answer) }
    let answers = Answers()
    answers.waiting.append(answer)
    turn = answers
    let here = NIOLoopBound((commits: self, answers: answers), eventLoop: loop)
    // What is executed from within the loop runs when all that has arrived is handled.
    loop.execute { here.value.commits.end(here.value.answers, on: loop) }
  }

  private func end(_ answers: Answers, on loop: any EventLoop) {
    turn = nil
    let all = NIOLoopBound(answers, eventLoop: loop)
    let isKept = commitment.isKept(.written) { loop.execute { all.value.send() } }
    guard !isKept else { return answers.send() }
    answers.timer = loop.scheduleTask(in: limit) { all.value.send() }
  }
}
