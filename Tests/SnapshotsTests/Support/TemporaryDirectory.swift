import Glibc
import Snapshots

/// A directory that goes away with its test.
final class TemporaryDirectory {
  let path: String

  init() {
    var template = Array("/tmp/tallygate-state-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      mkdtemp(buffer.baseAddress!).map { String(cString: $0) } ?? "/nonexistent"
    }
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  var names: [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func read(_ name: String) -> [UInt8] { (try? LinuxFileSystem().read("\(path)/\(name)", limit: .max)) ?? [] }

  func write(_ bytes: [UInt8], to name: String) {
    let files = LinuxFileSystem()
    let target = "\(path)/\(name)"
    guard let descriptor = try? files.create(target, keeping: false) else { return }
    try? files.writeAll(bytes, to: descriptor, path: target)
    files.close(descriptor)
  }
}
