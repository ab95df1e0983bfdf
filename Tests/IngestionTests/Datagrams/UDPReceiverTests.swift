import Glibc
import Logging
import Testing
import Threads
import UsageProtocol

@testable import Ingestion

@Suite("Receiving over UDP")
struct UDPReceiverTests {
  static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// IPv6 is tested where the machine has it.
  private static let hasIPv6 =
    (try? DatagramReceiver(.init(udp: try UDPAddress("[::1]:0")), logger: logger))?.stop() != nil
  private static let loopbacks = ["127.0.0.1:0", "localhost:0"] + (hasIPv6 ? ["[::1]:0"] : [])

  private func start(
    _ address: String = "127.0.0.1:0", receiveBuffer: Int = 4 << 20, recording: Recording, gate: Gate? = nil
  ) throws -> (receiver: DatagramReceiver, address: UDPAddress, statistics: ReceiverStatistics) {
    var options = DatagramReceiver.Options(udp: try UDPAddress(address))
    options.receiveBuffer = receiveBuffer
    let receiver = try DatagramReceiver(options, logger: Self.logger)
    try receiver.start { RecordingSink(recording, gate: gate) }
    return (receiver, try #require(receiver.udpAddress), try #require(receiver.udpStatistics))
  }

  @Test("datagrams arrive whole and in order", arguments: loopbacks)
  func datagramsArriveInOrder(address: String) throws {
    let recording = Recording()
    let (receiver, bound, statistics) = try start(address, recording: recording)
    let sender = try DatagramSender(udp: bound)
    let sent = (0..<2000).map { Array("tokens:\($0)|c|#agent:a\($0 % 7)".utf8) }
    for datagram in sent { try sender.send(datagram) }
    #expect(eventually { statistics.counts.datagrams == 2000 })
    receiver.stop()

    #expect(recording.blocks == sent)
    #expect(recording.sources == [.udp])
    #expect(recording.largestBatch <= 128)
    #expect(recording.wasReleased)
    let counts = statistics.counts
    #expect(counts.bytes == UInt64(sent.joined().count))
    #expect(counts.batches == UInt64(recording.flushes))
    #expect(counts.kernelDrops == 0 && counts.truncated == 0 && counts.errors == 0)
    #expect(receiver.unixgramStatistics == nil)
  }

  @Test("listening on every address takes both families")
  func everyAddressTakesBothFamilies() throws {
    let recording = Recording()
    let (receiver, bound, statistics) = try start(":0", recording: recording)
    let hosts = ["127.0.0.1"] + (Self.hasIPv6 ? ["[::1]"] : [])
    for host in hosts {
      try DatagramSender(udp: try UDPAddress("\(host):\(bound.port)")).send(host)
    }
    #expect(eventually { statistics.counts.datagrams == UInt64(hosts.count) })
    receiver.stop()
    #expect(Set(recording.blocks.map { String(decoding: $0, as: UTF8.self) }) == Set(hosts))
  }

  @Test("a datagram of any size arrives", arguments: [0, 1, 1400, 4096, 8193, 65_507])
  func anySizeArrives(size: Int) throws {
    let recording = Recording()
    let (receiver, bound, statistics) = try start(recording: recording)
    let sent = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try DatagramSender(udp: bound).send(sent)
    #expect(eventually { statistics.counts.datagrams == 1 })
    receiver.stop()
    #expect(recording.blocks == [sent])
    #expect(statistics.counts.truncated == 0)
  }

  @Test("port 0 reports the port that was chosen, and a second receiver cannot take it")
  func aPortIsTakenOnce() throws {
    let (receiver, bound, _) = try start(recording: Recording())
    #expect(bound.port > 0)
    #expect(bound.description == "127.0.0.1:\(bound.port)")
    #expect(throws: IngestionError.inUse(bound.description)) {
      try DatagramReceiver(DatagramReceiver.Options(udp: bound), logger: Self.logger)
    }
    receiver.stop()
    let again = try DatagramReceiver(DatagramReceiver.Options(udp: bound), logger: Self.logger)
    again.stop()
  }

  @Test("an address of another machine is refused")
  func aForeignAddressIsRefused() throws {
    let options = DatagramReceiver.Options(udp: try UDPAddress("192.0.2.1:0"))
    #expect(throws: IngestionError.system(call: "bind", subject: "192.0.2.1:0", code: EADDRNOTAVAIL)) {
      try DatagramReceiver(options, logger: Self.logger)
    }
  }

  @Test("what the kernel drops is counted exactly, the last one too")
  func dropsAreCountedExactly() throws {
    let recording = Recording()
    let gate = Gate()
    let (receiver, bound, statistics) = try start(receiveBuffer: 32 << 10, recording: recording, gate: gate)
    #expect(statistics.counts.receiveBufferGranted == 32 << 10)
    let sender = try DatagramSender(udp: bound)
    let sent = 5000
    for index in 0..<sent { try sender.send("tokens:\(index)|c") }
    #expect(eventually { gate.wasReached })
    gate.open()
    // Nothing is sent any more: the count must not need another datagram to become known.
    #expect(eventually { statistics.counts.datagrams + statistics.counts.kernelDrops == UInt64(sent) })
    let counts = statistics.counts
    #expect(counts.kernelDrops > 1000)
    #expect(kernelsOwnCount(of: receiver.sockets[0].descriptor) == counts.kernelDrops)
    receiver.stop()
    #expect(statistics.counts == counts)
    #expect(recording.blocks.count == Int(counts.datagrams))
  }

  /// The column `drops` of the socket's line in `/proc/net/udp`.
  private func kernelsOwnCount(of descriptor: Int32) -> UInt64? {
    var file = stat()
    guard fstat(descriptor, &file) == 0, let table = fopen("/proc/net/udp", "r") else { return nil }
    defer { fclose(table) }
    var line = [CChar](repeating: 0, count: 512)
    while fgets(&line, 512, table) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let fields = text.split { $0 == " " || $0 == "\n" }
      if fields.count >= 13, UInt64(fields[9]) == UInt64(file.st_ino) { return UInt64(fields[12]) }
    }
    return nil
  }

  @Test("an idle receiver stops at once, as often as it is told")
  func idleStopsAtOnce() throws {
    let (receiver, _, _) = try start(recording: Recording())
    pause(milliseconds: 20)
    #expect(milliseconds { receiver.stop() } < 100)
    receiver.stop()
  }

  @Test("a receiver that was never started gives its port back")
  func neverStarted() throws {
    let receiver = try DatagramReceiver(.init(udp: try UDPAddress("127.0.0.1:0")), logger: Self.logger)
    let bound = try #require(receiver.udpAddress)
    receiver.stop()
    try receiver.start { RecordingSink(Recording()) }
    let second = try DatagramReceiver(.init(udp: bound), logger: Self.logger)
    second.stop()
  }

  @Test("a receiver under load stops within 100 ms")
  func stopsUnderLoad() throws {
    // The best of three: the machine may be busy with something else.
    var best = Double.infinity
    for _ in 0..<3 where best >= 100 {
      let (receiver, bound, statistics) = try start(recording: Recording())
      let sender = try DatagramSender(udp: bound)
      let isOver = try StopSignal()
      let flood = try NamedThread(name: "flood") {
        for index in 0..<5_000_000 where !isOver.isRequested { try? sender.send("tokens:\(index)|c") }
      }
      #expect(eventually { statistics.counts.datagrams > 1000 })
      best = min(best, milliseconds { receiver.stop() })
      isOver.request()
      flood.join()
    }
    #expect(best < 100)
  }

  @Test("what is queued when the stop comes is still taken")
  func queuedIsTakenAtTheStop() throws {
    let recording = Recording()
    let gate = Gate()
    let (receiver, bound, statistics) = try start(recording: recording, gate: gate)
    let sender = try DatagramSender(udp: bound)
    try sender.send("first")
    #expect(eventually { gate.wasReached })
    for index in 0..<300 { try sender.send("\(index)") }
    let stopping = try NamedThread(name: "stop") { receiver.stop() }
    pause(milliseconds: 5)
    gate.open()
    stopping.join()
    #expect(statistics.counts.datagrams == 301)
    #expect(recording.blocks.last == Array("299".utf8))
  }

  @Test("a sink may stop its own receiver")
  func aSinkMayStop() throws {
    final class StoppingSink: UsageSink {
      let whenFlushed: () -> Void
      init(whenFlushed: @escaping () -> Void) { self.whenFlushed = whenFlushed }
      func receive(_ bytes: UnsafeRawBufferPointer, from source: UsageSource) {}
      func flush() { whenFlushed() }
    }
    let receiver = try DatagramReceiver(.init(udp: try UDPAddress("127.0.0.1:0")), logger: Self.logger)
    try receiver.start { [weak receiver] in StoppingSink { receiver?.stop() } }
    let bound = try #require(receiver.udpAddress)
    try DatagramSender(udp: bound).send("x")
    // The port is free again once the thread has ended.
    #expect(eventually { (try? DatagramReceiver(.init(udp: bound), logger: Self.logger))?.stop() != nil })
    receiver.stop()
  }

  @Test("a lost socket is counted and let go, without spinning")
  func aLostSocketIsLetGo() throws {
    let pipe = try TestPipe()
    pipe.write("readable, and not a socket")
    let socket = DatagramSocket(descriptor: dup(pipe.readingEnd), source: .udp, address: "lost")
    let receiver = try DatagramReceiver(sockets: [socket], udpAddress: nil, logger: Self.logger)
    try receiver.start { RecordingSink(Recording()) }
    #expect(eventually { socket.statistics.counts.errors > 0 })
    pause(milliseconds: 50)
    #expect(milliseconds { receiver.stop() } < 100)
    #expect(socket.statistics.counts.errors == 1)
  }
}
