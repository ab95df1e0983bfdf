import Glibc
import Logging
import Synchronization
import Testing
import Threads
import UsageProtocol

@testable import Ingestion

@Suite("Reading a stream")
struct StreamReaderTests {
  private static let logger = UDPReceiverTests.logger

  /// How a stream ended. Written by the reading thread; read it after the reader was stopped.
  private final class Ending: @unchecked Sendable {
    var ends: [StreamReader.End] = []
    let isOver = Atomic<Bool>(false)

    var isKnown: Bool { isOver.load(ordering: .acquiring) }
  }

  private func start(
    _ descriptor: Int32, copy: Int32? = nil, _ recording: Recording
  ) throws -> (reader: StreamReader, ending: Ending) {
    let reader = try StreamReader(descriptor: descriptor, copy: copy, logger: Self.logger)
    let ending = Ending()
    try reader.start(makeSink: { RecordingSink(recording) }) { end in
      ending.ends.append(end)
      ending.isOver.store(true, ordering: .releasing)
    }
    return (reader, ending)
  }

  @Test("every line of a pipe arrives, also one that straddles reads, and the last without a newline")
  func everyLineArrives() throws {
    let pipe = try TestPipe()
    let recording = Recording()
    let (reader, ending) = try start(pipe.readingEnd, recording)
    #expect(reader.statistics.counts.receiveBufferGranted == 1 << 20)
    var sent = ""
    for index in 0..<50 {
      let text = "tokens:\(index)|c\r\ntokens:\(index)|c|#agent:"
      pipe.write(text)
      sent += text
      if index % 10 == 0 { pause(milliseconds: 2) }
    }
    pipe.finish()
    #expect(eventually { ending.isKnown })
    reader.stop()
    #expect(ending.ends == [.endOfInput])
    #expect(recording.text == sent)
    #expect(recording.sources == [.stdin])
    #expect(recording.blocks.dropLast().allSatisfy { $0.last == 0x0A })
    let counts = reader.statistics.counts
    #expect(counts.bytes == UInt64(sent.utf8.count))
    #expect(counts.batches == UInt64(recording.flushes))
    #expect(counts.linesTooLong == 0)
  }

  @Test("a copy has every byte, of lines that are too long and of the one that never ends too")
  func copy() throws {
    let (pipe, copied) = (try TestPipe(), try TestPipe())
    let (recording, copyRecording) = (Recording(), Recording())
    let (reader, ending) = try start(pipe.readingEnd, copy: copied.writingEnd, recording)
    let (copyReader, copyEnding) = try start(copied.readingEnd, copyRecording)
    let text = "tokens:1|c\n" + String(repeating: "x", count: 60_000) + "\nno end"
    pipe.write(text)
    pipe.finish()
    #expect(eventually { ending.isKnown })
    reader.stop()
    copied.finish()
    #expect(eventually { copyEnding.isKnown })
    copyReader.stop()
    #expect(recording.text == text)
    #expect(copyRecording.text == text)
  }

  @Test("a copy that nobody reads ends the reading")
  func refusedCopy() throws {
    signal(SIGPIPE, SIG_IGN)
    let (pipe, copied) = (try TestPipe(), try TestPipe())
    copied.stopReading()
    let recording = Recording()
    let (reader, ending) = try start(pipe.readingEnd, copy: copied.writingEnd, recording)
    pipe.write("tokens:1|c\n")
    #expect(eventually { ending.isKnown })
    reader.stop()
    #expect(ending.ends == [.copyRefused])
    #expect(recording.blocks.isEmpty)
  }

  @Test("many lines come in few blocks, and none is lost")
  func manyLines() throws {
    let pipe = try TestPipe()
    let recording = Recording()
    let (reader, ending) = try start(pipe.readingEnd, recording)
    let line = Array("tokens:1532|c|#agent:a17,user:u204,model:gpt-4o,kind:input\n".utf8)
    let lines = [UInt8]([[UInt8]](repeating: line, count: 1000).joined())
    for _ in 0..<200 { pipe.write(lines) }
    pipe.finish()
    #expect(eventually { ending.isKnown })
    reader.stop()
    #expect(recording.blocks.reduce(0) { $0 + $1.count } == lines.count * 200)
    #expect(recording.blocks.allSatisfy { $0.count % line.count == 0 && $0.starts(with: line) })
    #expect(recording.blocks.count < 20_000)
  }

  @Test("200 MB without a newline are one skipped line, and memory stays flat")
  func endlessLine() throws {
    let pipe = try TestPipe()
    let recording = Recording()
    let (reader, ending) = try start(pipe.readingEnd, recording)
    pipe.write("before:1|c\n")
    let before = try #require(peakResidentKilobytes())
    let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)
    for _ in 0..<200 { pipe.write(chunk) }
    pipe.write("\nafter:1|c\n")
    pipe.finish()
    #expect(eventually(seconds: 30) { ending.isKnown })
    let after = try #require(peakResidentKilobytes())
    reader.stop()
    #expect(recording.text == "before:1|c\nafter:1|c\n")
    #expect(reader.statistics.counts.linesTooLong == 1)
    #expect(reader.statistics.counts.bytes == 200_000_022)
    // Other tests run beside this one: flat is far below the size of the line.
    #expect(after - before < 64_000)
  }

  private func peakResidentKilobytes() -> Int? {
    guard let status = fopen("/proc/self/status", "r") else { return nil }
    defer { fclose(status) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, status) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if text.hasPrefix("VmHWM:") { return Int(text.split { $0 == " " || $0 == "\t" }[1]) }
    }
    return nil
  }

  @Test("the longest line is 64 KiB", arguments: [(65_536, 0), (65_537, 1)] as [(Int, UInt64)])
  func longestLine(length: Int, tooLong: UInt64) throws {
    let pipe = try TestPipe()
    let recording = Recording()
    let (reader, ending) = try start(pipe.readingEnd, recording)
    pipe.write([UInt8](repeating: UInt8(ascii: "x"), count: length) + [0x0A])
    pipe.finish()
    #expect(eventually { ending.isKnown })
    reader.stop()
    #expect(reader.statistics.counts.linesTooLong == tooLong)
    #expect(recording.blocks.reduce(0) { $0 + $1.count } == (tooLong == 0 ? length + 1 : 0))
  }

  @Test("a file is read to its end")
  func aFile() throws {
    let directory = try TemporaryDirectory()
    let text = String(repeating: "tokens:1|c\n", count: 300_000)
    let file = open(directory.file("lines"), O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    defer { close(file) }
    #expect(write(file, text, text.utf8.count) == text.utf8.count)
    lseek(file, 0, SEEK_SET)
    let recording = Recording()
    let (reader, ending) = try start(file, recording)
    #expect(eventually { ending.isKnown })
    reader.stop()
    #expect(ending.ends == [.endOfInput])
    #expect(recording.text == text)
    #expect(reader.statistics.counts.receiveBufferGranted == 0)
  }

  @Test("an input that cannot be read ends with its error", arguments: [("/", EISDIR), (nil, EBADF)])
  func cannotBeRead(path: String?, code: Int32) throws {
    let descriptor = path.map { open($0, O_RDONLY | O_CLOEXEC) } ?? 1_000_000
    let (reader, ending) = try start(descriptor, Recording())
    #expect(eventually { ending.isKnown })
    reader.stop()
    #expect(ending.ends == [.failed(code)])
    if path != nil { close(descriptor) }
  }

  @Test("a reader that waits stops at once and drops the line that has not ended")
  func stopsAtOnce() throws {
    let pipe = try TestPipe()
    let recording = Recording()
    let (reader, ending) = try start(pipe.readingEnd, recording)
    pipe.write("a:1|c\nb:1|")
    #expect(eventually { reader.statistics.counts.bytes == 10 })
    #expect(milliseconds { reader.stop() } < 100)
    reader.stop()
    #expect(ending.ends == [.stopped])
    #expect(recording.text == "a:1|c\n")
    #expect(recording.wasReleased)
  }

  @Test("a reader of an endless input stops within 100 ms")
  func stopsUnderLoad() throws {
    var best = Double.infinity
    for _ in 0..<3 where best >= 100 {
      let pipe = try TestPipe()
      let (reader, _) = try start(pipe.readingEnd, Recording())
      let isOver = try StopSignal()
      let lines = [UInt8](repeating: 0x0A, count: 4096)
      let writer = try NamedThread(name: "writer") { while !isOver.isRequested { pipe.write(lines) } }
      #expect(eventually { reader.statistics.counts.bytes > 100_000 })
      best = min(best, milliseconds { reader.stop() })
      // The writer may wait for room in the pipe: somebody has to go on reading until it has ended.
      let (second, _) = try start(pipe.readingEnd, Recording())
      isOver.request()
      writer.join()
      second.stop()
    }
    #expect(best < 100)
  }

  @Test("the end of the input may stop its reader")
  func endMayStop() throws {
    let pipe = try TestPipe()
    let reader = try StreamReader(descriptor: pipe.readingEnd, logger: Self.logger)
    let ending = Ending()
    try reader.start(makeSink: { RecordingSink(Recording()) }) { [weak reader] end in
      reader?.stop()
      ending.isOver.store(true, ordering: .releasing)
    }
    pipe.finish()
    #expect(eventually { ending.isKnown })
    reader.stop()
  }
}
