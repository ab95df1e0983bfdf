import BudgetCore
import CLinux
import ControlServer
import Glibc
import Ingestion
import LedgerAccess
import Logging
import Supervision
import Terminal

/// One command from its start to its end: started, watched, stopped if need be, summed up.
struct ExecRun {
  private static let forwarded = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT, SIGWINCH]

  private let settings: ExecSettings
  private let clock = SystemClock()
  private let events: ExecEvents
  private let ledger: SharedLedger
  private let lines = LineCounters()
  private let inputs: ExecInputs
  private let control: HTTPServer?
  private let inbox: SignalInbox

  init(_ settings: ExecSettings) throws(StartError) {
    self.settings = settings
    let (clock, events) = (clock, try ExecEvents())
    self.events = events
    ledger = SharedLedger(
      Ledger(settings: settings.ledger, seed: UInt64.random(in: .min ... .max)), clock: { clock.now() },
      observer: { events.tell($0) })
    inputs = try ExecInputs(settings, ledger: ledger, lines: lines)
    control = settings.control ? try Self.serve(ledger, lines) : nil
    guard let inbox = SignalInbox(Self.forwarded + [SIGCHLD]) else {
      throw StartError("No descriptor is left to hear of signals.")
    }
    self.inbox = inbox
    SignalInbox.ignoreBrokenPipes()
    for warning in settings.warnings { Self.tell("warning: \(warning)") }
  }

  /// The exit status.
  func run() throws -> Int32 {
    ProcessFamily.adoptOrphans()
    let terminal = TerminalHandover()
    var command = Command(arguments: settings.command, environment: environment)
    command.terminal = terminal?.terminal
    inputs.connect(&command, number: settings.usageDescriptor)
    let started = clock.now().steady
    let pid: Int32
    do throws(SpawnError) {
      pid = try command.start()
    } catch {
      terminal?.takeBack()
      throw error
    }
    var watch = ExecWatch(
      family: ProcessFamily(leader: pid), terminal: terminal,
      enforcement: Enforcement(action: settings.action, grace: settings.grace),
      verdict: ExecVerdict(settings.ledger.budgets), tell: Self.tell)
    do {
      try inputs.start()
    } catch {
      watch.family.signal(SIGKILL)
      throw error
    }
    while !watch.isOver {
      wait(for: watch)
      while let signal = inbox.next() { watch.take(signal: signal) }
      for event in events.take() { watch.take(event: event) }
      watch.act(now: ledger.now().steady)
      ledger.maintain()
    }
    let took = ledger.now().steady - started
    terminal?.takeBack()
    inputs.drain()
    // What came with the last lines is no less spent.
    for event in events.take() { watch.take(event: event) }
    let code = watch.verdict.wasExceeded ? ExecSettings.exceeded : watch.commandCode
    try summarise(watch, took, code)
    return code
  }

  /// Sleeps until something happens or is due.
  private func wait(for watch: ExecWatch) {
    var nanoseconds: Int64 = 1_000_000_000
    switch watch.enforcement.stage {
    case .ending(let killAt): nanoseconds = min(nanoseconds, max(0, (killAt - ledger.now().steady).nanoseconds))
    case .killed: nanoseconds = 20_000_000
    case .watching, .paused: break
    }
    // Once the command itself has ended, nothing tells of the end of what it has left.
    if watch.isLeaderGone { nanoseconds = min(nanoseconds, 20_000_000) }
    _ = clinux_wait_readable([inbox.descriptor, events.descriptor], 2, Int(nanoseconds))
  }

  private func summarise(_ watch: ExecWatch, _ took: Interval, _ code: Int32) throws(StartError) {
    let summary = ExecSummary(
      command: settings.command, commandCode: watch.commandCode, exitCode: code, stopped: watch.wasStopped,
      exceeded: watch.verdict.wasExceeded, duration: took, totals: UsageTotals(ledger.view(withOutlooks: false).0),
      accounts: ledger.accounts(), lines: lines.total,
      counters: ledger.counters(), lost: Int64(clamping: inputs.receiver?.udpStatistics?.counts.kernelDrops ?? 0))
    let bytes = settings.output == .json ? summary.json : Array(summary.text.utf8)
    guard let file = settings.summaryFile else {
      StandardError.write(String(decoding: bytes, as: UTF8.self))
      return
    }
    do throws(FileWriteError) {
      try AtomicFile.write(bytes, to: file)
    } catch {
      throw StartError("--summary \(file): \(error.message)")
    }
  }

  // MARK: What the command finds

  private var environment: [String] {
    var variables: [(name: String, value: String)] = []
    if let address = inputs.receiver?.udpAddress {
      let host = "127.0.0.1"
      variables += [
        ("STATSD_HOST", host), ("STATSD_PORT", "\(address.port)"), ("DD_AGENT_HOST", host),
        ("DD_DOGSTATSD_PORT", "\(address.port)"), ("DD_DOGSTATSD_URL", "udp://\(host):\(address.port)"),
        ("TALLYGATE_STATSD", "\(host):\(address.port)"),
      ]
    }
    if let number = settings.usageDescriptor { variables.append(("TALLYGATE_USAGE_FD", "\(number)")) }
    if let control {
      variables += [
        ("TALLYGATE_CONTROL", "\(control.boundAddress)"), ("TALLYGATE_CONTROL_URL", "http://\(control.boundAddress)"),
      ]
    }
    return Command.environment(setting: variables)
  }

  private static func serve(_ ledger: SharedLedger, _ lines: LineCounters) throws(StartError) -> HTTPServer {
    let gatekeeper = Gatekeeper()
    let routes = ControlRoutes(ledger: ledger, lines: lines).routes + PoolRoutes(ledger: ledger).routes
    do throws(HTTPServerError) {
      return try HTTPServer.bind(
        to: .tcp(host: "127.0.0.1", port: 0), router: Router(routes, check: { gatekeeper.admit($0, $1) }),
        logger: Logger(label: "control"))
    } catch {
      throw StartError("--control: \(error)")
    }
  }

  private static func tell(_ sentence: String) {
    StandardError.write("tallygate: \(sentence.forTerminal)\n")
  }
}
