import BudgetCore
import CLinux
import Glibc
import Ingestion
import LedgerAccess
import Logging
import NIOConcurrencyHelpers
import Supervision
import UsageProtocol

/// The ways on which a command's usage comes in: its own UDP port, a descriptor, its standard output.
final class ExecInputs: Sendable {
  /// A pipe from the command: its ends, and the thread that reads it.
  private struct Channel: Sendable {
    let reader: StreamReader
    let readEnd: Int32
    let writeEnd: Int32
  }

  let receiver: DatagramReceiver?
  private let usage: Channel?
  private let output: Channel?
  /// Readers that have not come to the end of their pipe.
  private let open: NIOLockedValueBox<Int>
  private let intake: IntakeFactory
  private let outputIntake: IntakeFactory

  /// - Parameter lines: counts what came in; the lines of the standard output, most of them no usage, are not in it.
  init(_ settings: ExecSettings, ledger: SharedLedger, lines: LineCounters) throws(StartError) {
    let logger = Logger(label: "ingest")
    intake = IntakeFactory(ledger: ledger, counters: lines, logger: logger)
    var quiet = logger
    quiet.logLevel = .critical
    outputIntake = IntakeFactory(ledger: ledger, counters: LineCounters(), logger: quiet)
    do throws(IngestionError) {
      receiver = try settings.udp.map { address throws(IngestionError) in
        try DatagramReceiver(DatagramReceiver.Options(udp: address), logger: logger)
      }
      usage = settings.usageDescriptor == nil ? nil : try Self.channel(copy: nil, logger)
      output = settings.usageStdout ? try Self.channel(copy: STDOUT_FILENO, logger) : nil
    } catch {
      throw StartError("Usage cannot be taken: \(error)")
    }
    open = NIOLockedValueBox([usage, output].count { $0 != nil })
  }

  private static func channel(copy: Int32?, _ logger: Logger) throws(IngestionError) -> Channel {
    var ends: [Int32] = [0, 0]
    let failed = clinux_pipe(&ends)
    guard failed == 0 else { throw .system(call: "pipe2", subject: "the command", code: -failed) }
    let reader = try StreamReader(descriptor: ends[0], copy: copy, logger: logger)
    return Channel(reader: reader, readEnd: ends[0], writeEnd: ends[1])
  }

  /// What the command inherits.
  func connect(_ command: inout Command, number: Int32?) {
    command.standardOutput = output?.writeEnd
    if let usage, let number { command.usage = (usage.writeEnd, number) }
  }

  /// Starts to take what comes. The command holds the other ends by now: this process lets go of them, so that the
  /// pipes end with the last who writes.
  func start() throws(StartError) {
    for channel in [usage, output] { if let channel { close(channel.writeEnd) } }
    do throws(IngestionError) {
      try receiver?.start { [intake] in intake.sink(for: [.udp]) }
      try usage?.reader.start(
        makeSink: { [intake] in intake.sink(for: [.stdin]) },
        onEnd: { [open] _ in open.withLockedValue { $0 -= 1 } })
      // Where nobody reads the copy, nobody is to read the original either: the command gets its SIGPIPE.
      try output?.reader.start(
        makeSink: { [outputIntake] in outputIntake.sink(for: [.stdin]) },
        onEnd: { [open, output] end in
          if end == .copyRefused, let output { close(output.readEnd) }
          open.withLockedValue { $0 -= 1 }
        })
    } catch {
      throw StartError("Usage cannot be taken: \(error)")
    }
  }

  /// Takes what the command has left behind, now that it has ended. A pipe that something else still holds is left
  /// when it has been empty for a while.
  func drain() {
    var emptySince = Self.monotonicNanoseconds()
    while open.withLockedValue({ $0 }) > 0, Self.monotonicNanoseconds() - emptySince < Self.patience {
      let holdsBytes = [usage, output].contains { channel in
        channel.map { clinux_wait_readable([$0.readEnd], 1, 0) > 0 } ?? false
      }
      if holdsBytes { emptySince = Self.monotonicNanoseconds() }
      usleep(2_000)
    }
    usage?.reader.stop()
    output?.reader.stop()
    receiver?.stop()
  }

  private static let patience: Int64 = 300_000_000

  private static func monotonicNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
