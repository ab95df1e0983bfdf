import Glibc

/// A directory that is removed with what is in it (files only) when the test is over.
final class TemporaryDirectory {
  struct Failure: Error { let code: Int32 }

  let path: String

  init() throws {
    var template = Array("/tmp/tallygate-ingestion-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(code: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != "." && name != ".." { unlink(path + "/" + name) }
      }
      closedir(directory)
    }
    rmdir(path)
  }

  func file(_ name: String) -> String { path + "/" + name }

  /// The type and permission bits of a file; nil if there is none.
  static func mode(of path: String) -> UInt32? {
    var file = stat()
    return lstat(path, &file) == 0 ? file.st_mode : nil
  }
}
