import ControlServer

/// Notices that the configuration file, or the price file, is another one than it was.
///
/// Looks at what the path leads to (device, inode, size, times), and so notices too when Kubernetes swaps the link under
/// a mounted ConfigMap. A change counts when it stands still from one look to the next: a file that is being written
/// is not read half.
struct ConfigurationWatch: Sendable {
  private var paths: [String] = []
  private var known: [FileVersion?] = []
  private var seen: [FileVersion?] = []

  var isEmpty: Bool { paths.isEmpty }

  /// Watches one more file, from how it is now.
  mutating func add(_ path: String) {
    paths.append(path)
    known.append(Self.version(of: path))
    seen.append(known.last ?? nil)
  }

  /// Whether the files changed since the last time that this was true, and did not since the last look.
  ///
  /// A file that is gone is no change: it comes back, or the one that was read goes on.
  mutating func look() -> Bool {
    let now = paths.map { Self.version(of: $0) }
    defer { seen = now }
    guard now == seen, now != known, !now.contains(nil) else { return false }
    known = now
    return true
  }

  private static func version(of path: String) -> FileVersion? {
    guard let version = FileVersion(path: path), version.isRegular else { return nil }
    return version
  }
}
