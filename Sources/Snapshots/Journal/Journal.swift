package import BudgetCore
import Glibc
import NIOConcurrencyHelpers
import Synchronization
package import Threads

/// What happened since the last snapshot, on disk: records in files, each named by its first record's number.
///
/// Acts are appended in memory under the ledger's lock and written by a thread of the journal's own, so that no disk,
/// however slow, holds up a decision. Whoever must not answer before its act is written waits for its number. When the
/// disk refuses, or does not keep up, the journal lets go of its file for good: nothing is written after a gap. What
/// was missed comes back with the next snapshot, which a new file goes with.
package final class Journal: ActJournal {
  /// When what was written is forced to the disk.
  package enum SyncPolicy: Hashable, Sendable {
    /// Before anybody is answered: one sync for all who wait.
    case always
    /// In the background, this often: the most that a loss of power takes.
    case interval(Interval)
    /// When the system likes, when a file is complete, and when a caller asks for it.
    case never

    fileprivate var isPeriodic: Bool { if case .interval = self { true } else { false } }
  }

  /// How often lines are written, in seconds. They are promised to be a tenth of a second behind at most, and on a busy
  /// machine a thread wakes late.
  private static let flushInterval = 0.05
  /// When so much waits it is written at once: many lines must not pile up in memory.
  private static let longBuffer = 256 << 10
  /// How long a caller looks on before it is called back: a write to the page cache takes less.
  private static let patience = Duration.microseconds(50)
  /// So much may be written after the newest snapshot that is on the disk: whoever cannot write snapshots must not fill
  /// the disk with journals, nor make the next start a long one.
  package static let mostUnsavedBytes: Int64 = 64 << 20
  /// The same of acts, each of which takes a start as long as many lines.
  package static let mostUnsavedActs = 3 << 16

  private let buffer: NIOLockedValueBox<JournalBuffer>
  private let waiters = WaitingList()
  /// Those who wait for the disk itself, whatever the policy.
  private let strictWaiters = WaitingList()
  private let durable: NIOLockedValueBox<DurableMark>
  private let counts: NIOLockedValueBox<JournalStatus>
  private let settled: Synchronization.Atomic<UInt64>
  private let bell = ConditionLock(value: false)
  /// Whether the writing thread was called and has not looked yet.
  private let isRung = Synchronization.Atomic<Bool>(false)
  /// Whether it was called ahead since somebody last waited.
  private let isHurried = Synchronization.Atomic<Bool>(false)
  private let syncBell = ConditionLock(value: false)
  private let isEnding = Synchronization.Atomic<Bool>(false)
  private let file: JournalFile
  private let policy: SyncPolicy
  /// What the syncing thread met; the writing one, which alone leaves a file, acts on it.
  private let syncFailure = NIOLockedValueBox<FileError?>(nil)
  private let threads = NIOLockedValueBox<[NamedThread]>([])

  /// Nothing is kept before the first `cut`, which goes with the first snapshot.
  /// - Parameters:
  ///   - sequence: the number of the last act that the ledger includes.
  ///   - unsavedBytes: what older journals hold that no snapshot has.
  ///   - unsavedActs: how many acts are among that.
  package init(
    directory: String, fileSystem: any FileSystem = LinuxFileSystem(), policy: SyncPolicy, sequence: UInt64,
    unsavedBytes: Int64 = 0, unsavedActs: Int = 0
  ) {
    self.policy = policy
    buffer = NIOLockedValueBox(JournalBuffer(last: sequence, unsavedActs: unsavedActs))
    counts = NIOLockedValueBox(JournalStatus(written: sequence, unsavedBytes: unsavedBytes))
    settled = Synchronization.Atomic(sequence)
    durable = NIOLockedValueBox(DurableMark(after: sequence))
    file = JournalFile(directory: directory, files: fileSystem)
  }

  // MARK: Under the ledger's lock

  package func append(_ act: LedgerAct, at now: Moment) -> UInt64 {
    buffer.withLockedValue { $0.append { JournalRecord.append(act, at: now, to: &$0) } }
  }

  /// The writing thread wakes while the first answer is made. Acts that follow before anybody waits need no call of
  /// their own: whoever waits for them calls.
  package func hurry() {
    if !isHurried.exchange(true, ordering: .relaxed) { callWriter() }
  }

  private func callWriter() {
    if !isRung.exchange(true, ordering: .acquiringAndReleasing) { ring(bell) }
  }

  package func append(usage: UnsafeRawBufferPointer, at now: Moment) -> UInt64 {
    let (number, isLong) = buffer.withLockedValue { buffer in
      let before = buffer.byteCount
      let number = buffer.append(isAct: false) { JournalRecord.append(usage: usage, at: now, to: &$0) }
      return (number, before < Self.longBuffer && buffer.byteCount >= Self.longBuffer)
    }
    if isLong { callWriter() }
    return number
  }

  /// To be called at the moment of a capture: what comes after it goes to a new file.
  package func cut() {
    buffer.withLockedValue { $0.cut() }
    ring(bell)
  }

  // MARK: Waiting

  /// Whether an act is written (with `always`, on the disk), or never will be; if not yet, `done` is called when it
  /// is, on the journal's thread. Looks on for 50 microseconds at most.
  package func whenSettled(_ sequence: UInt64, _ done: @escaping @Sendable () -> Void) -> Bool {
    isHurried.store(false, ordering: .relaxed)
    if isSettled(sequence) { return true }
    callWriter()
    let end = ContinuousClock.now + Self.patience
    while ContinuousClock.now < end {
      if isSettled(sequence) { return true }
      sched_yield()
    }
    switch waiters.add(sequence, unless: { isSettled(sequence) }, done) {
    case .waiting: return false
    case .reached, .full: return true
    }
  }

  private func isSettled(_ sequence: UInt64) -> Bool { settled.load(ordering: .acquiring) >= sequence }

  /// Whether no loss of power takes an act any more; if not yet, `done` is called when it is, on a thread that must not
  /// be held up. The next sync serves all who wait by then, whatever the policy. While the disk refuses, only the next
  /// snapshot helps: callers set a limit to their waiting.
  package func whenDurable(_ sequence: UInt64, _ done: @escaping @Sendable () -> Void) -> Bool {
    if case .reached = strictWaiters.add(sequence, unless: { isDurable(sequence) }, done) { return true }
    ring(bell)
    return false
  }

  private func isDurable(_ sequence: UInt64) -> Bool { durable.withLockedValue { $0.durable } >= sequence }

  /// Whether acts were given up that no snapshot has yet: what the journal holds stands behind a gap.
  package var hasGap: Bool { durable.withLockedValue { $0.hasGap } && status.failures > 0 }

  /// To be called when a snapshot is on the disk.
  package func saved(through sequence: UInt64) {
    counts.withLockedValue { $0.saved() }
    buffer.withLockedValue { $0.saved() }
    reach { $0.saved(through: sequence) }
  }

  private func reach(_ change: (inout DurableMark) -> Void) {
    let reached = durable.withLockedValue { mark in
      change(&mark)
      return mark.durable
    }
    strictWaiters.serve(through: reached)
  }

  private func ring(_ bell: ConditionLock<Bool>) {
    bell.lock()
    bell.unlock(withValue: true)
  }

  package var status: JournalStatus { counts.withLockedValue { $0 } }

  /// Acts since the last cut, without batches of lines: to do one again takes about as long as ten lines.
  package var actCount: Int { buffer.withLockedValue { $0.actCount } }

  // MARK: The threads

  package func start() throws(ThreadError) {
    let writing = try NamedThread(name: "journal") { [self] in write() }
    let syncing = try NamedThread(name: "journal-sync") { [self] in sync() }
    threads.withLockedValue { $0 = [writing, syncing] }
  }

  /// Writes what waits, forces it to the disk and ends the threads.
  package func stop() {
    isEnding.store(true, ordering: .releasing)
    ring(bell)
    ring(syncBell)
    for thread in threads.withLockedValue({ $0 }) { thread.join() }
  }

  private func write() {
    while !isEnding.load(ordering: .acquiring) {
      if bell.lock(whenValue: true, timeoutSeconds: Self.flushInterval) { bell.unlock(withValue: false) }
      flush()
    }
    flush()
    file.leave()
  }

  /// Writes everything that waits. For the writing thread, and for tests without one.
  func flush() {
    isRung.store(false, ordering: .releasing)
    let (taken, last, unsavedActs) = buffer.withLockedValue { buffer in
      (buffer.isTooFull ? nil : buffer.take(), buffer.last, buffer.unsavedActs)
    }
    if let error = syncFailure.withLockedValue({ error in
      defer { error = nil }
      return error
    }) {
      return fail(.disk(error))
    }
    guard var taken else { return fail(.tooFarBehind) }
    let isTooLong = status.unsavedBytes > Self.mostUnsavedBytes || unsavedActs > Self.mostUnsavedActs
    guard taken.isEmpty || !isTooLong else { return fail(.tooLong) }
    do throws(FileError) {
      if !taken.isEmpty {
        try write(&taken)
        let written = taken.records
        taken.records = ByteWriter()
        buffer.withLockedValue { $0.recycle(written) }
      }
      settle(last)
      if let wanted = strictWaiters.first, wanted <= last, !isDurable(wanted) { ring(syncBell) }
    } catch {
      fail(.disk(error))
    }
  }

  private func write(_ taken: inout JournalBuffer) throws(FileError) {
    counts.withLockedValue { $0.writingSince = .now }
    defer { counts.withLockedValue { $0.writingSince = nil } }
    let parts = taken.parts
    try taken.records.withBytes { (bytes) throws(FileError) in
      JournalFormat.seal(bytes)
      for part in parts {
        if let first = part.first {
          let length = try file.start(first: first)
          counts.withLockedValue { $0.startFile(length) }
        }
        guard !part.records.isEmpty else { continue }
        try file.write(UnsafeRawBufferPointer(rebasing: bytes[part.records]))
        counts.withLockedValue { $0.wrote(part.records.count) }
      }
    }
    if policy == .always { try syncNow(through: taken.last) }
  }

  /// The disk refused: what waits is dropped, and so is all that comes before the next cut.
  private func fail(_ reason: JournalFailure) {
    let last = buffer.withLockedValue { buffer in
      buffer.close()
      return buffer.last
    }
    file.leave(failed: true)
    durable.withLockedValue { $0.gaveUp(through: last) }
    counts.withLockedValue { $0.fail(reason) }
    settle(last)
  }

  private func settle(_ sequence: UInt64) {
    counts.withLockedValue { $0.written = sequence }
    settled.store(sequence, ordering: .releasing)
    waiters.serve(through: sequence)
  }

  private func sync() {
    let interval = if case .interval(let length) = policy { length } else { Interval.seconds(1) }
    while !isEnding.load(ordering: .acquiring) {
      let isCalled = syncBell.lock(whenValue: true, timeoutSeconds: interval.inSeconds)
      if isCalled { syncBell.unlock(withValue: false) }
      do throws(FileError) {
        if isCalled || policy.isPeriodic {
          try syncNow(through: settled.load(ordering: .acquiring))
        } else {
          try file.closeLeft()
        }
      } catch {
        durable.withLockedValue { $0.gaveUp(through: buffer.withLockedValue { $0.last }) }
        syncFailure.withLockedValue { $0 = error }
        ring(bell)
      }
    }
    threads.withLockedValue { $0.first }?.join()
    do throws(FileError) {
      try syncNow(through: settled.load(ordering: .acquiring))
    } catch {
      counts.withLockedValue { $0.fail(.disk(error)) }
    }
  }

  /// One sync for everything that is written, and for all who wait for that.
  /// - Parameter sequence: the last act that was written before.
  private func syncNow(through sequence: UInt64) throws(FileError) {
    let start = ContinuousClock.now
    counts.withLockedValue { $0.syncingSince = start }
    defer { counts.withLockedValue { $0.syncingSince = nil } }
    if try file.sync() { counts.withLockedValue { $0.synced(in: ContinuousClock.now - start) } }
    reach { $0.synced(through: sequence) }
  }
}
