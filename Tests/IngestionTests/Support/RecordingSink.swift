import Ingestion
import Synchronization
import UsageProtocol

/// What a sink was given. Written by the receiving thread; read it after the receiver was stopped.
final class Recording: @unchecked Sendable {
  var blocks: [[UInt8]] = []
  var sources: Set<UsageSource> = []
  var flushes = 0
  /// The most blocks and bytes that one flush handed over.
  var largestBatch = 0
  var wasReleased = false

  var text: String { String(decoding: blocks.joined(), as: UTF8.self) }
}

/// Points into the receiver's buffers until it is flushed, as a batching sink does.
final class RecordingSink: UsageSink {
  private let recording: Recording
  private let gate: Gate?
  private var held: [UnsafeRawBufferPointer] = []

  init(_ recording: Recording, gate: Gate? = nil) {
    self.recording = recording
    self.gate = gate
  }

  deinit { recording.wasReleased = true }

  func receive(_ bytes: UnsafeRawBufferPointer, from source: UsageSource) {
    gate?.pass()
    held.append(bytes)
    recording.sources.insert(source)
  }

  func flush() {
    recording.blocks += held.map { [UInt8]($0) }
    recording.flushes += 1
    recording.largestBatch = max(recording.largestBatch, held.count)
    held.removeAll(keepingCapacity: true)
  }
}

/// Holds up a receiving thread until it is opened.
final class Gate: Sendable {
  private let isOpen = Atomic<Bool>(false)
  private let isReached = Atomic<Bool>(false)

  var wasReached: Bool { isReached.load(ordering: .acquiring) }

  func open() { isOpen.store(true, ordering: .releasing) }

  func pass() {
    isReached.store(true, ordering: .releasing)
    while !isOpen.load(ordering: .acquiring) { pause(milliseconds: 1) }
  }
}
