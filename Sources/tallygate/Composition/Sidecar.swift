import BudgetCore
import Configuration
import ControlServer
import Exposition
import Ingestion
import LedgerAccess
import Logging
import ServiceLifecycle
import UnixSignals
import UsageProtocol

/// The sidecar as a whole: everything is made here, started in one order and stopped in the other.
struct Sidecar {
  let settings: RunSettings
  /// What the settings were made of, to read them again.
  let flags: RunFlags
  let environment: Environment

  func run() async throws {
    let clock = SystemClock()
    let (level, format) = (settings.logLevel, settings.logFormat)
    LoggingSystem.bootstrap { LineLogHandler(label: $0, level: level, format: format) }
    let logger = Logger(label: "tallygate")
    for warning in settings.loaded.warnings { logger.warning("\(warning)") }

    let state = try StateKeeper.open(settings: settings, now: clock.now(), logger: logger)
    let log = EventLog(logger: logger)
    let events = EventHub(start: clock.now().wall)
    let keeper = state.keeper
    let enforcer = try settings.enforce.map { rule throws(StartError) in
      try ProcessEnforcer(rule, logger: Logger(label: "enforce"))
    }
    let ledger = SharedLedger(
      state.takeLedger(), clock: { clock.now() }, journal: keeper.actJournal,
      observer: {
        events.publish($0)
        log.tell($0)
        enforcer?.notice($0)
      })
    let lines = LineCounters()
    let health = Health()

    let intake = IntakeFactory(ledger: ledger, counters: lines, logger: Logger(label: "ingest"))
    let receiver = try makeReceiver()
    let reader = try settings.stdin ? makeReader() : nil
    let audit = AuditKeeper(stateDirectory: settings.stateDirectory)
    let reloader = Reloader(
      settings: settings, flags: flags, environment: environment, ledger: ledger, audit: audit, logger: logger)
    let own = OwnFamilies(
      startTime: clock.now().wall, lines: lines, ledger: ledger, receiver: receiver, reader: reader, keeper: keeper,
      events: events, reloader: reloader, enforcer: enforcer, audit: audit)
    let servers = try Servers(
      settings: settings, ledger: ledger, lines: lines, health: health, own: own, keeper: keeper, events: events,
      reloader: reloader, audit: audit)
    own.watch(servers)

    let work = SidecarService(
      settings: settings, ledger: ledger, keeper: keeper, receiver: receiver, reader: reader, servers: servers,
      health: health, intake: intake, lines: lines, reloader: reloader, enforcer: enforcer, audit: audit, logger: logger
    )
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          .init(
            service: work, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
        ], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet("lifecycle")))
    try await group.run()
  }

  private func quiet(_ label: String) -> Logger {
    var logger = Logger(label: label)
    logger.logLevel = max(settings.logLevel, .warning)
    return logger
  }

  private func makeReceiver() throws(StartError) -> DatagramReceiver? {
    guard settings.udp != nil || settings.unixgramPath != nil else { return nil }
    let options = DatagramReceiver.Options(udp: settings.udp, unixgram: settings.unixgramPath)
    do throws(IngestionError) {
      return try DatagramReceiver(options, logger: Logger(label: "ingest"))
    } catch {
      throw StartError("\(error)")
    }
  }

  private func makeReader() throws(StartError) -> StreamReader {
    do throws(IngestionError) {
      return try StreamReader(logger: Logger(label: "ingest"))
    } catch {
      throw StartError("\(error)")
    }
  }
}

/// Makes the ways from a receiver into the ledger, each on its receiver's own thread.
struct IntakeFactory: Sendable {
  let ledger: SharedLedger
  let counters: LineCounters
  let logger: Logger

  func sink(for sources: [UsageSource]) -> any UsageSink {
    LedgerSink(sources) { source in
      let refusals = RefusalLog(source: source, logger: logger, now: { ledger.now().steady.nanoseconds })
      return LineIntake(source: source, ledger: ledger, counters: counters) { refusals.note($0, $1) }
    }
  }
}

/// Logs refused lines: at most one for each reason in ten seconds, with the beginning of the line.
final class RefusalLog {
  private let source: UsageSource
  private let logger: Logger
  private let now: () -> Int64
  private var throttle = LogThrottle<RejectReason>()

  init(source: UsageSource, logger: Logger, now: @escaping () -> Int64) {
    self.source = source
    self.logger = logger
    self.now = now
  }

  func note(_ reason: RejectReason, _ line: [UInt8]) {
    guard let withheld = throttle.admit(reason, now: now()) else { return }
    logger.warning(
      "A usage line was refused",
      metadata: [
        "source": "\(source.name)", "reason": "\(reason.name)", "line": "\(String(decoding: line, as: UTF8.self))",
        "withheld": "\(withheld)",
      ])
  }
}

/// Tells the log what happened to budgets.
struct EventLog: Sendable {
  let logger: Logger

  func tell(_ events: [LedgerEvent]) {
    for event in events {
      switch event {
      case .budget(let event): tell(event)
      case .subject(let event): tell(event)
      case .activity(.runaway(let event)): tell(event)
      case .activity(.anomaly(let event)): tell(event)
      case .clockStep(let step): tell(step)
      }
    }
  }

  private func tell(_ step: ClockStep) {
    logger.warning(
      "The wall clock was set: windows follow it and keep their use", metadata: ["seconds": "\(step.length.inSeconds)"])
  }

  private func tell(_ event: Runaway) {
    logger.notice(
      "Runaway \(event.subject.key)",
      metadata: [
        "subject": "\(event.subject.key)=\(event.subject.value)", "cause": "\(event.cause.name)",
        "count": "\(event.count)", "limit": "\(event.limit)", "action": "\(event.action.rawValue)",
      ])
  }

  private func tell(_ event: CostAnomaly) {
    logger.notice(
      "A call cost far more than the agent's calls do",
      metadata: [
        "agent": "\(event.agent)", "score": "\((event.score.score * 100).rounded() / 100)",
        "cost_usd": "\(Money(picodollars: event.score.cost).decimalString)",
        "typical_usd": "\(Money(picodollars: event.score.typical).decimalString)",
      ])
  }

  private func tell(_ event: SubjectEvent) {
    logger.notice(
      "Subject \(event.kind == .stop ? "stopped" : "resumed")",
      metadata: ["subject": "\(event.subject.key)=\(event.subject.value)", "reason": "\(event.reason)"])
  }

  private func tell(_ event: BudgetEvent) {
    let tags = event.tags.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    func shown(_ amount: Quantity) -> String {
      event.unit == .cost ? Money(picodollars: amount).decimalString : "\(amount)"
    }
    logger.notice(
      "\(event.signal == nil ? "Budget" : "Pool") \(event.name)",
      metadata: [
        "budget": "\(event.budget)", "unit": "\(event.unit.name)", "tags": "\(tags)", "used": "\(shown(event.used))",
        "limit": "\(event.limit.map(shown) ?? "unlimited")",
      ])
  }
}
