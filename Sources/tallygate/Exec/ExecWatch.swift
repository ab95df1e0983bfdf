import BudgetCore
import Glibc
import Supervision

/// A running command and what is being done about it.
struct ExecWatch {
  let family: ProcessFamily
  let terminal: TerminalHandover?
  private(set) var enforcement: Enforcement
  private(set) var verdict: ExecVerdict
  private let tell: (String) -> Void
  /// How the command itself ended.
  private var end: ChildChange?
  /// The end was this program's doing.
  private(set) var wasStopped = false
  private var hasKilled = false
  /// A stop that the command was asked to make, by a key or by its own wish, and not by its budget.
  private var isSuspended = false

  init(
    family: ProcessFamily, terminal: TerminalHandover?, enforcement: Enforcement, verdict: ExecVerdict,
    tell: @escaping (String) -> Void
  ) {
    self.family = family
    self.terminal = terminal
    self.enforcement = enforcement
    self.verdict = verdict
    self.tell = tell
  }

  var isLeaderGone: Bool { end != nil }

  /// The command has ended, and of what was to be stopped nothing is left.
  var isOver: Bool { end != nil && (!enforcement.isEnding || family.members().isEmpty) }

  /// What a shell would say of the command.
  var commandCode: Int32 { end?.exitCode ?? 0 }

  // MARK: What happens

  mutating func take(signal: Int32) {
    switch signal {
    case SIGCHLD: takeChildren()
    case SIGCONT: goOn()
    default: family.forward(signal)
    }
  }

  mutating func take(event: BudgetEvent) {
    verdict.take(event)
    if let sentence = ExecVerdict.sentence(event) { tell(sentence) }
  }

  /// Sends what is due.
  mutating func act(now: Instant) {
    guard !isOver else { return }
    if verdict.isGone {
      send(enforcement.budgetIsGone(now: now))
    } else {
      send(enforcement.budgetIsBack())
    }
    send(enforcement.signalsDue(now: now))
  }

  private mutating func send(_ signals: [Int32]) {
    for signal in signals {
      switch signal {
      case SIGTERM: tell("ending the command (SIGTERM; SIGKILL in \(DurationText.text(enforcement.grace)))")
      case SIGSTOP: tell("pausing the command (SIGSTOP); SIGCONT to process \(getpid()) lets it go on")
      case SIGKILL where !hasKilled: tell("killing the command (SIGKILL)")
      case SIGCONT where !enforcement.isEnding: tell("letting the command go on (SIGCONT)")
      default: break
      }
      if signal == SIGKILL { hasKilled = true }
      if signal == SIGTERM || signal == SIGKILL { wasStopped = true }
      family.signal(signal)
    }
  }

  private mutating func takeChildren() {
    while let (pid, change) = ChildChange.next() {
      guard pid == family.leader else { continue }
      if case .stopped(let signal) = change { suspend(for: signal) } else { end = change }
    }
  }

  // MARK: Ctrl-Z

  /// The command was stopped from its terminal: this process stops too, so that the shell takes over.
  private mutating func suspend(for signal: Int32) {
    guard [SIGTSTP, SIGTTIN, SIGTTOU].contains(signal), enforcement.stage == .watching else { return }
    isSuspended = true
    terminal?.takeBack()
    kill(getpid(), SIGSTOP)
  }

  /// Somebody wants it to go on: the shell, or whoever lets a paused command go on past its budget.
  private mutating func goOn() {
    if isSuspended {
      isSuspended = false
      terminal?.lend(to: family.leader)
    }
    if enforcement.stage == .paused { enforcement = Enforcement(action: .warn, grace: enforcement.grace) }
    family.signal(SIGCONT)
  }
}
