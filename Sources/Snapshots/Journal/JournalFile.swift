import NIOConcurrencyHelpers

/// The file that records go to. One thread opens, writes and leaves it; another one forces it to the disk.
///
/// A file that was left is closed by the syncing thread after it was synced: a slow disk holds up nobody else.
final class JournalFile: Sendable {
  private struct Open {
    var descriptor: Int32
    var path: String
    /// Whether something was written since it was last synced.
    var isDirty = false
    /// Whether its name may not be on the disk yet.
    var isNew = true
    var isFailed = false
  }

  private struct State {
    var current: Open?
    var left: [Open] = []
  }

  private let directory: String
  private let files: any FileSystem
  private let state = NIOLockedValueBox(State())
  /// One sync at a time: who syncs knows that everything written before is on the disk.
  private let syncing = NIOLock()

  init(directory: String, files: any FileSystem) {
    self.directory = directory
    self.files = files
  }

  // MARK: The writing thread

  /// Leaves the file before and starts a new, empty one.
  /// - Returns: its length.
  func start(first: UInt64) throws(FileError) -> Int {
    leave()
    let path = "\(directory)/\(JournalFormat.name(first: first))"
    let descriptor = try files.create(path, keeping: false)
    state.withLockedValue { $0.current = Open(descriptor: descriptor, path: path) }
    let header = JournalFormat.header(first: first)
    try files.writeAll(header, to: descriptor, path: path)
    state.withLockedValue { $0.current?.isDirty = true }
    return header.count
  }

  /// - Parameter records: whole ones. After an error nothing may be written to the file any more.
  func write(_ records: UnsafeRawBufferPointer) throws(FileError) {
    guard let (descriptor, path) = state.withLockedValue({ $0.current.map { ($0.descriptor, $0.path) } }) else {
      throw FileError(operation: "write", path: directory, code: 9)
    }
    try files.writeAll(records, to: descriptor, path: path)
    // After the write: a sync that runs meanwhile may have come too early for it.
    state.withLockedValue { $0.current?.isDirty = true }
  }

  /// Nothing more is written to the current file.
  /// - Parameter failed: whether it is not even worth a sync.
  func leave(failed: Bool = false) {
    state.withLockedValue { state in
      guard var open = state.current else { return }
      open.isFailed = failed
      state.left.append(open)
      state.current = nil
    }
  }

  // MARK: The syncing thread, or the writing one when everything waits for the disk

  /// Syncs what was written and closes what was left. After an error nothing tells what is on the disk.
  /// - Returns: false when there was nothing to sync.
  func sync() throws(FileError) -> Bool {
    syncing.lock()
    defer { syncing.unlock() }
    var didSync = try syncLeft()
    let open = state.withLockedValue { state in
      let open = state.current
      state.current?.isDirty = false
      state.current?.isNew = false
      return open
    }
    if let open, open.isDirty {
      try sync(open)
      didSync = true
    }
    return didSync
  }

  /// Syncs and closes what was left; one that failed is only closed.
  func closeLeft() throws(FileError) {
    syncing.lock()
    defer { syncing.unlock() }
    _ = try syncLeft()
  }

  private func syncLeft() throws(FileError) -> Bool {
    var didSync = false
    while let open = state.withLockedValue({ $0.left.popLast() }) {
      defer { files.close(open.descriptor) }
      guard open.isDirty, !open.isFailed else { continue }
      try sync(open)
      didSync = true
    }
    return didSync
  }

  private func sync(_ open: Open) throws(FileError) {
    try files.syncData(open.descriptor, path: open.path)
    guard open.isNew else { return }
    let descriptor = try files.openForReading(directory)
    defer { files.close(descriptor) }
    try files.sync(descriptor, path: directory)
  }
}
