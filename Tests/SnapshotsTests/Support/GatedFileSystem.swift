import Glibc
import NIOConcurrencyHelpers
import Snapshots

/// The real file system with a disk that hangs, refuses and counts as the test says.
final class GatedFileSystem: RealFileSystem {
  struct Syncs: Equatable {
    var data = 0
    var whole: [String] = []
  }

  let real = LinuxFileSystem()
  private let gate = ConditionLock(value: true)
  private let state = NIOLockedValueBox((syncs: Syncs(), refusing: false, waiting: 0))

  /// Syncs that were begun.
  var syncs: Syncs { state.withLockedValue { $0.syncs } }
  /// Syncs that wait for the gate.
  var waiting: Int { state.withLockedValue { $0.waiting } }
  func refuse(_ refusing: Bool) { state.withLockedValue { $0.refusing = refusing } }

  func hang() {
    gate.lock()
    gate.unlock(withValue: false)
  }

  func go() {
    gate.lock()
    gate.unlock(withValue: true)
  }

  private func pass(_ note: (inout Syncs) -> Void) throws(FileError) {
    let refusing = state.withLockedValue { state in
      note(&state.syncs)
      state.waiting += 1
      return state.refusing
    }
    gate.lock(whenValue: true)
    gate.unlock()
    state.withLockedValue { $0.waiting -= 1 }
    if refusing { throw FileError(operation: "sync", path: "disk", code: EIO) }
  }

  func syncData(_ descriptor: Int32, path: String) throws(FileError) {
    try pass { $0.data += 1 }
    try real.syncData(descriptor, path: path)
  }

  func sync(_ descriptor: Int32, path: String) throws(FileError) {
    try pass { $0.whole.append(path) }
    try real.sync(descriptor, path: path)
  }
}
