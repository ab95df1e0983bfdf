import Glibc
import Snapshots
import Synchronization

/// The real file system with writes that take as long as on a disk that is busy or far away.
final class SlowFileSystem: RealFileSystem {
  let real = LinuxFileSystem()
  private let seconds: UInt32
  private let slow = Atomic<Bool>(false)
  private let writing = Atomic<Bool>(false)

  init(seconds: UInt32) { self.seconds = seconds }

  var isSlow: Bool {
    get { slow.load(ordering: .acquiring) }
    set { slow.store(newValue, ordering: .releasing) }
  }

  /// Whether somebody waits for a slow write.
  var isWriting: Bool { writing.load(ordering: .acquiring) }

  func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) -> Int {
    if isSlow {
      writing.store(true, ordering: .releasing)
      sleep(seconds)
      writing.store(false, ordering: .releasing)
    }
    return try real.write(bytes, to: descriptor, path: path)
  }
}
