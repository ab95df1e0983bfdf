import Glibc
import Logging
import Testing
import UsageProtocol

@testable import Ingestion

@Suite("Receiving over a Unix datagram socket")
struct UnixgramReceiverTests {
  private static let logger = UDPReceiverTests.logger

  private func bind(_ path: String, mode: UInt32 = 0o666) throws -> DatagramReceiver {
    var options = DatagramReceiver.Options(unixgram: path)
    options.unixgramMode = mode
    return try DatagramReceiver(options, logger: Self.logger)
  }

  @Test("datagrams arrive whole and in order, none is lost, and the file goes with the receiver")
  func datagramsArriveInOrder() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("usage.sock")
    let recording = Recording()
    let receiver = try bind(path)
    try receiver.start { RecordingSink(recording) }
    let statistics = try #require(receiver.unixgramStatistics)
    let sender = try DatagramSender(path: path)
    var sent = (0..<3000).map { Array("tokens:\($0)|c".utf8) }
    sent += [[], [UInt8](repeating: 7, count: 65_536)]
    for datagram in sent { try sender.send(datagram) }
    #expect(eventually { statistics.counts.datagrams == UInt64(sent.count) })
    receiver.stop()
    #expect(recording.blocks == sent)
    #expect(recording.sources == [.unixgram])
    #expect(statistics.counts.truncated == 0 && statistics.counts.kernelDrops == 0)
    #expect(TemporaryDirectory.mode(of: path) == nil)
  }

  @Test("a datagram that is too large is counted, and its complete lines are taken")
  func tooLargeIsCut() throws {
    let directory = try TemporaryDirectory()
    let recording = Recording()
    let receiver = try bind(directory.file("s"))
    try receiver.start { RecordingSink(recording) }
    let sender = try DatagramSender(path: directory.file("s"))
    let lines = [UInt8](repeating: UInt8(ascii: "x"), count: 60_000) + [0x0A]
    try sender.send(lines + [UInt8](repeating: UInt8(ascii: "y"), count: 10_000))
    try sender.send([UInt8](repeating: UInt8(ascii: "z"), count: 65_537))
    try sender.send("end")
    #expect(eventually { receiver.unixgramStatistics?.counts.datagrams == 3 })
    receiver.stop()
    #expect(recording.blocks == [lines, Array("end".utf8)])
    #expect(receiver.unixgramStatistics?.counts.truncated == 2)
  }

  @Test("one receiver serves both sockets")
  func bothSockets() throws {
    let directory = try TemporaryDirectory()
    let recording = Recording()
    let options = DatagramReceiver.Options(udp: try UDPAddress("127.0.0.1:0"), unixgram: directory.file("s"))
    let receiver = try DatagramReceiver(options, logger: Self.logger)
    try receiver.start { RecordingSink(recording) }
    let udp = try DatagramSender(udp: try #require(receiver.udpAddress))
    let unixgram = try DatagramSender(path: directory.file("s"))
    for index in 0..<500 {
      try udp.send("\(index)")
      try unixgram.send("\(index)")
    }
    let (first, second) = (try #require(receiver.udpStatistics), try #require(receiver.unixgramStatistics))
    #expect(eventually { first.counts.datagrams == 500 && second.counts.datagrams == 500 })
    receiver.stop()
    #expect(recording.sources == [.udp, .unixgram])
  }

  @Test("the file has the mode asked for, whatever the umask", arguments: [0o666, 0o622, 0o600] as [UInt32])
  func modeIsSet(mode: UInt32) throws {
    let directory = try TemporaryDirectory()
    let receiver = try bind(directory.file("s"), mode: mode)
    #expect(TemporaryDirectory.mode(of: directory.file("s")) == S_IFSOCK | mode)
    receiver.stop()
  }

  @Test("a stale socket file is taken over")
  func staleIsTakenOver() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("s")
    // A socket that is closed without removing its file, as a killed process leaves it.
    let dead = DatagramSocket.open(family: AF_UNIX)
    _ = try UnixSocketFile(binding: dead, at: path, mode: 0o666)
    close(dead)
    #expect(TemporaryDirectory.mode(of: path) != nil)

    let recording = Recording()
    let receiver = try bind(path)
    try receiver.start { RecordingSink(recording) }
    try DatagramSender(path: path).send("x")
    #expect(eventually { receiver.unixgramStatistics?.counts.datagrams == 1 })
    receiver.stop()
    #expect(recording.text == "x")
  }

  @Test("a path that is in use is refused, and its owner goes on")
  func inUseIsRefused() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("s")
    let owner = try bind(path)
    #expect(throws: IngestionError.inUse(path)) { try bind(path) }
    try owner.start { RecordingSink(Recording()) }
    try DatagramSender(path: path).send("x")
    #expect(eventually { owner.unixgramStatistics?.counts.datagrams == 1 })
    owner.stop()
  }

  @Test("a file that is not a socket is left alone")
  func aFileIsLeftAlone() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("notes.txt")
    close(open(path, O_CREAT | O_WRONLY, 0o600))
    #expect(throws: IngestionError.notASocket(path)) { try bind(path) }
    #expect(TemporaryDirectory.mode(of: path) == S_IFREG | 0o600)
  }

  @Test("a file that someone else put in its place is left alone at the stop")
  func aReplacedFileIsLeftAlone() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("s")
    let receiver = try bind(path)
    unlink(path)
    let other = try bind(path)
    receiver.stop()
    #expect(TemporaryDirectory.mode(of: path) != nil)
    other.stop()
    #expect(TemporaryDirectory.mode(of: path) == nil)
  }

  @Test("the longest path is 107 bytes, a longer one is refused by name")
  func pathLength() throws {
    let directory = try TemporaryDirectory()
    let longest = directory.file(String(repeating: "p", count: 107 - directory.path.utf8.count - 1))
    let receiver = try bind(longest)
    receiver.stop()
    let error = #expect(throws: IngestionError.self) { try bind(longest + "q") }
    #expect(error == .pathTooLong(longest + "q", bytes: 108, limit: 107))
  }

  @Test("a path that cannot be bound says why", arguments: ["", "a\u{0}b", "/nonexistent/directory/s"])
  func cannotBeBound(path: String) {
    let error = #expect(throws: IngestionError.self) { try bind(path) }
    #expect(error?.description.contains(path) == true)
  }
}
