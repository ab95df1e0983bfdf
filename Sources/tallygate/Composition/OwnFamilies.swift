import BudgetCore
import ControlServer
import Exposition
import Ingestion
import LedgerAccess
import NIOConcurrencyHelpers
import UsageProtocol

/// What the sidecar tells of itself at each scrape: lines, sockets, requests, state, process.
final class OwnFamilies: Sendable {
  private typealias Sample = MetricFamily.Sample

  private let lines: LineCounters
  private let ledger: SharedLedger
  private let receiver: DatagramReceiver?
  private let reader: StreamReader?
  private let keeper: StateKeeper
  private let events: EventHub
  private let reloader: Reloader
  private let enforcer: ProcessEnforcer?
  private let audit: AuditKeeper
  private let process: ProcessFamilies
  let startTime: Instant
  private let servers = NIOLockedValueBox<Servers?>(nil)

  init(
    startTime: Instant, lines: LineCounters, ledger: SharedLedger, receiver: DatagramReceiver?, reader: StreamReader?,
    keeper: StateKeeper, events: EventHub, reloader: Reloader, enforcer: ProcessEnforcer?, audit: AuditKeeper
  ) {
    self.enforcer = enforcer
    self.audit = audit
    self.reloader = reloader
    self.lines = lines
    self.ledger = ledger
    self.receiver = receiver
    self.reader = reader
    self.keeper = keeper
    self.events = events
    self.startTime = startTime
    process = ProcessFamilies(startTime: startTime)
  }

  /// The servers serve these families and are counted in them, so they come later.
  func watch(_ servers: Servers) { self.servers.withLockedValue { $0 = servers } }

  func families() -> [MetricFamily] {
    buildInfo + reloader.families() + ClockFamilies.families(ledger.clockSteps) + lineFamilies + socketFamilies
      + httpFamilies + events.families() + keeper.families() + audit.families() + (enforcer?.families() ?? [])
      + process.families()
  }

  private var buildInfo: [MetricFamily] {
    [
      MetricFamily(
        "tallygate_build", .info, "The version that runs.",
        [Sample(.integer(1), labels: [(name: "version", value: Tallygate.version)])])
    ]
  }

  private var lineFamilies: [MetricFamily] {
    let total = lines.total
    let counters = ledger.counters()
    let tooLong = (reader?.statistics.counts.linesTooLong).map { Int64(clamping: $0) } ?? 0
    return [
      .counter(
        "tallygate_lines", "Usage lines received, counted or not.",
        UsageSource.allCases.map { source in
          let count = lines.tally(of: source).lines + (source == .stdin ? tooLong : 0)
          return Sample(.integer(count), labels: [(name: "source", value: source.name)])
        }),
      .counter(
        "tallygate_lines_rejected", "Usage lines that were refused, by reason.",
        RejectReason.allCases.map { reason in
          let count = total[reason] + counters[reason] + (reason == .lineTooLong ? tooLong : 0)
          return Sample(.integer(count), labels: [(name: "reason", value: reason.name)])
        }),
      .counter(
        "tallygate_lines_ignored", "Lines that were understood and deliberately not counted, by reason.",
        IgnoreReason.allCases.map { reason in
          Sample(.integer(total[reason]), labels: [(name: "reason", value: reason.name)])
        }),
    ]
  }

  private var socketFamilies: [MetricFamily] {
    let sockets = [(UsageSource.udp, receiver?.udpStatistics), (.unixgram, receiver?.unixgramStatistics)]
      .compactMap { source, statistics in statistics.map { (source.name, $0.counts) } }
    func samples(_ value: (ReceiverCounts) -> UInt64) -> [Sample] {
      sockets.map { name, counts in
        Sample(.integer(Int64(clamping: value(counts))), labels: [(name: "source", value: name)])
      }
    }
    return [
      .counter("tallygate_datagrams", "Datagrams received.", samples { $0.datagrams }),
      .counter(
        "tallygate_datagrams_dropped", "Datagrams that the kernel dropped because the receive buffer was full.",
        samples { $0.kernelDrops }),
      .counter(
        "tallygate_datagrams_truncated", "Datagrams that were longer than the largest that is taken.",
        samples { $0.truncated }),
      .gauge(
        "tallygate_receive_buffer_bytes", "The receive buffer that the kernel granted.",
        samples { $0.receiveBufferGranted }),
    ]
  }

  private var httpFamilies: [MetricFamily] {
    var requests: [Sample] = []
    var seconds: [Sample] = []
    var open: [Sample] = []
    var refused: [Sample] = []
    var evicted: [Sample] = []
    var cut: [Sample] = []
    var seen: Set<String> = []
    for entry in servers.withLockedValue({ $0?.named ?? [] }) {
      let (name, server) = (entry.name, entry.server)
      // The control endpoint may listen on two sockets.
      let listener = seen.insert(name).inserted ? name : name + "_socket"
      let statistics = server.statistics()
      for route in statistics.routes where route.requests > 0 {
        let labels = [
          (name: "listener", value: listener), (name: "method", value: route.method),
          (name: "handler", value: route.pattern.isEmpty ? "none" : route.pattern),
        ]
        for (index, count) in route.responses.enumerated() where count > 0 {
          requests.append(
            Sample(.integer(Int64(clamping: count)), labels: labels + [(name: "code", value: "\(index + 1)xx")]))
        }
        seconds.append(Sample(.double(Double(route.durationNanoseconds) / 1e9), labels: labels))
      }
      let labels = [(name: "listener", value: listener)]
      open.append(Sample(.integer(Int64(statistics.connectionsOpen)), labels: labels))
      refused.append(Sample(.integer(Int64(clamping: statistics.connectionsRefused)), labels: labels))
      evicted.append(Sample(.integer(Int64(clamping: statistics.connectionsEvicted)), labels: labels))
      cut.append(Sample(.integer(Int64(clamping: statistics.streamsCut)), labels: labels))
    }
    return [
      .counter("tallygate_http_requests", "Requests answered, by handler and class of status.", requests),
      .counter("tallygate_http_request_duration_seconds", "Time spent answering, summed.", seconds),
      .gauge("tallygate_http_connections", "Open connections.", open),
      .counter("tallygate_http_connections_refused", "Connections refused above the limit.", refused),
      .counter("tallygate_http_connections_evicted", "Idle connections closed to make room for others.", evicted),
      .counter("tallygate_http_streams_cut", "Streams cut because their reader took nothing for too long.", cut),
    ]
  }
}
