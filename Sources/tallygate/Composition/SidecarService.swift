import BudgetCore
import ControlServer
import Glibc
import Ingestion
import JSONText
import LedgerAccess
import Logging
import ServiceLifecycle
import UnixSignals
import UsageProtocol

/// Runs what the composition made, from the first datagram to the last snapshot.
struct SidecarService: Service {
  let settings: RunSettings
  let ledger: SharedLedger
  let keeper: StateKeeper
  let receiver: DatagramReceiver?
  let reader: StreamReader?
  let servers: Servers
  let health: Health
  let intake: IntakeFactory
  let lines: LineCounters
  let reloader: Reloader
  let enforcer: ProcessEnforcer?
  let audit: AuditKeeper
  let logger: Logger

  func run() async throws {
    let (ended, whenEnded) = AsyncStream.makeStream(of: StreamReader.End.self)
    try receiver?.start { [intake] in intake.sink(for: [.udp, .unixgram]) }
    try reader?.start(makeSink: { [intake] in intake.sink(for: [.stdin]) }) { end in
      whenEnded.yield(end)
      whenEnded.finish()
    }
    try keeper.start(ledger)
    try enforcer?.start(ledger)
    health.set(ready: true)
    announce()
    try writeReadyFile()

    // Ends when a signal asks for it, or when the input is over and that was to be the end.
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await gracefulShutdown() }
      if settings.exitOnEOF { group.addTask { for await _ in ended {} } }
      let housekeeping = Task { await keepHouse() }
      let reloading = Task { await reloadOnSignal() }
      let watching = Task { await reloadOnChange() }
      await group.next()
      housekeeping.cancel()
      reloading.cancel()
      watching.cancel()
      group.cancelAll()
    }
    await stop()
  }

  private func reloadOnSignal() async {
    for await _ in await UnixSignalsSequence(trapping: .sighup) { reloader.reload(.signal) }
  }

  private func reloadOnChange() async {
    var watch = settings.loaded.watch
    guard let interval = settings.configurationWatch, !watch.isEmpty else { return }
    while !Task.isCancelled {
      try? await Task.sleep(for: .nanoseconds(interval.nanoseconds))
      if !Task.isCancelled, watch.look() { reloader.reload(.file) }
    }
  }

  /// Once a second: deadlines, idle rows, sockets' drop counts, and snapshots when they are due. Waits for no disk.
  private func keepHouse() async {
    // The first one at once: a state that cannot be kept is better told now than in a minute.
    var nextSnapshot = ledger.now().steady
    var nextSummary = nextSnapshot + .minutes(1)
    while !Task.isCancelled {
      ledger.maintain()
      let now = ledger.now().steady
      keeper.tellTroubles(at: now)
      if now >= nextSnapshot || keeper.needsSnapshot, keeper.isKeeping {
        keeper.saveSoon()
        nextSnapshot = now + settings.snapshotInterval
      }
      if now >= nextSummary {
        audit.summarise(at: ledger.now().wall)
        nextSummary = now + .minutes(1)
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  /// Takes in what has arrived, lets running requests finish, keeps the state. Well under a second.
  private func stop() async {
    health.set(ready: false)
    receiver?.stop()
    reader?.stop()
    enforcer?.stop()
    await servers.shutdown(within: .milliseconds(400))
    keeper.close()
    audit.close(at: ledger.now().wall)
    if settings.exitOnEOF { Summary(ledger: ledger, lines: lines).print(as: settings.output) }
    if let path = settings.readyFile { unlink(path) }
    logger.info("Ended")
  }

  // MARK: Saying where

  private var addresses: [(name: String, address: String)] {
    var all: [(name: String, address: String)] = []
    if let udp = receiver?.udpAddress { all.append(("udp", udp.description)) }
    if let path = settings.unixgramPath { all.append(("unixgram", path)) }
    if let web = servers.web { all.append(("web", web.boundAddress.description)) }
    if let control = servers.control { all.append(("control", control.boundAddress.description)) }
    if let socket = servers.controlSocket { all.append(("control_socket", socket.boundAddress.description)) }
    return all
  }

  private func announce() {
    var metadata: Logger.Metadata = ["version": "\(Tallygate.version)"]
    for (name, address) in addresses { metadata[name] = "\(address)" }
    if let directory = settings.stateDirectory { metadata["state"] = "\(directory)" }
    logger.info("Listening", metadata: metadata)
    guard !settings.exitOnEOF else { return }
    StandardOutput.write(
      Welcome(addresses: addresses, stateDirectory: settings.stateDirectory, budgets: ledger.settings.budgets).text)
  }

  private func writeReadyFile() throws(StartError) {
    guard let path = settings.readyFile else { return }
    var json = JSONWriter()
    json.beginObject()
    for (name, address) in addresses {
      json.key(named: name)
      json.string(address)
    }
    json.key("pid")
    json.int(getpid())
    json.endObject()
    do throws(FileWriteError) {
      try AtomicFile.write(json.bytes + [UInt8(ascii: "\n")], to: path)
    } catch {
      throw StartError("--ready-file \(path): \(error.message)")
    }
  }
}

/// The group of services names each of them by its description; without one it would print all that this one holds, at
/// each start.
extension SidecarService: CustomStringConvertible {
  var description: String { "sidecar" }
}
