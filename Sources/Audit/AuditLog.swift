package import Logging
import NIOConcurrencyHelpers
import Threads

/// The audit of a running sidecar. Appending never waits for the disk: a thread of its own writes, and when the disk
/// refuses, it tries again each second, says so once, and goes on counting what it had to leave out.
package final class AuditLog: Sendable {
  /// Records that may wait for the disk.
  package static let mostWaiting = 1024

  package struct Statistics: Sendable, Equatable {
    package var records: Int64 = 0
    /// Records that were never written, because the disk took none for too long.
    package var lost: Int64 = 0
    package var failures: Int64 = 0
    package var isFailing = false
  }

  private struct State {
    var waiting: [AuditEntry] = []
    /// Not told in a record yet.
    var lost = 0
    var isClosing = false
    var statistics = Statistics()
  }

  package let directory: AuditDirectory
  private let logger: Logger
  /// True when there is something to write, or the end has come.
  private let hasWork = ConditionLock(value: false)
  // Guarded by `hasWork`.
  private nonisolated(unsafe) var state = State()
  private let thread = NIOLockedValueBox<NamedThread?>(nil)

  /// Begins to write where the last whole record ends.
  package init(_ directory: AuditDirectory, logger: Logger) {
    self.directory = directory
    self.logger = logger
    do throws(ThreadError) {
      let thread = try NamedThread(name: "audit") { [self] in run() }
      self.thread.withLockedValue { $0 = thread }
    } catch {
      logger.error("The audit cannot be written: there is no thread for it", metadata: ["code": "\(error.code)"])
    }
  }

  package func append(_ entry: AuditEntry) {
    hasWork.lock()
    if state.waiting.count < Self.mostWaiting {
      state.waiting.append(entry)
    } else {
      state.lost += 1
      state.statistics.lost += 1
    }
    hasWork.unlock(withValue: true)
  }

  package var statistics: Statistics {
    hasWork.lock()
    defer { hasWork.unlock() }
    return state.statistics
  }

  /// Writes what waits, tries a disk that refuses once more, and ends.
  package func close() {
    hasWork.lock()
    state.isClosing = true
    hasWork.unlock(withValue: true)
    thread.withLockedValue { thread in
      thread?.join()
      thread = nil
    }
  }

  // MARK: On the thread

  private func run() {
    var file: AuditFile?
    while true {
      hasWork.lock(whenValue: true)
      let (entries, lost, isClosing) = (state.waiting, state.lost, state.isClosing)
      hasWork.unlock(withValue: false)
      let (written, failure) = write(entries, lost: lost, to: &file)
      note(written: written, lost: lost, failure)
      if isClosing { return }
      if failure != nil { waitToRetry() }
    }
  }

  private func write(_ entries: [AuditEntry], lost: Int, to file: inout AuditFile?)
    -> (written: Int, failure: AuditFile.Failure?)
  {
    var written = 0
    // No file comes into being before there is something to keep.
    guard !entries.isEmpty else { return (0, nil) }
    do throws(AuditFile.Failure) {
      let open: AuditFile
      if let file { open = file } else { open = try AuditFile(directory) }
      file = open
      for entry in entries {
        try open.append(entry, lost: written == 0 ? lost : 0)
        written += 1
      }
      open.sync()
      return (written, nil)
    } catch {
      return (written, error)
    }
  }

  private func note(written: Int, lost: Int, _ failure: AuditFile.Failure?) {
    hasWork.lock()
    let wasFailing = state.statistics.isFailing
    state.waiting.removeFirst(written)
    if written > 0 { state.lost -= lost }
    state.statistics.records += Int64(written)
    state.statistics.isFailing = failure != nil
    if failure != nil { state.statistics.failures += 1 }
    hasWork.unlock(withValue: !state.waiting.isEmpty || state.isClosing)
    guard wasFailing != (failure != nil) else { return }
    if let failure {
      logger.error(
        "The audit cannot be written: it is tried again each second, and decisions go on",
        metadata: ["path": "\(directory.path)", "error": "\(failure.message)"])
    } else {
      logger.notice("The audit is written again", metadata: ["path": "\(directory.path)"])
    }
  }

  /// A second, or less when the end comes.
  private func waitToRetry() {
    for _ in 0..<20 {
      hasWork.lock()
      let isClosing = state.isClosing
      hasWork.unlock()
      if isClosing { return }
      NamedThread.sleep(nanoseconds: 50_000_000)
    }
  }
}
