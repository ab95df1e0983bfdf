import Glibc

/// Which process is meant, in words; found anew each time, since it may have been started again.
package enum ProcessTarget: Hashable, Sendable {
  /// Every process that runs a program of this file name.
  case named(String)
  /// The process whose number is the first line of a file.
  case pidFile(String)

  /// The numbers of those that live. Never 1, which holds the pod or the machine together, and never this process.
  package func find(in table: @autoclosure () -> ProcessTable = .read()) -> [Int32] {
    let found: [Int32] =
      switch self {
      case .named(let name): table().named(name).map(\.pid)
      case .pidFile(let path): Self.pid(inFile: path).map { [$0] } ?? []
      }
    return found.filter { $0 > 1 && $0 != getpid() }
  }

  private static func pid(inFile path: String) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    let digits = bytes[..<count].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return Int32(String(decoding: digits, as: UTF8.self))
  }
}
