/// Why bytes are not a snapshot that can be used.
package enum SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
  case notASnapshot
  case notAJournal
  /// Written by another version in a way that this one cannot read.
  case unsupportedVersion(UInt32, reads: UInt32)
  /// The file ends before its header says.
  case truncated(at: Int, expected: Int)
  /// More follows than the header says.
  case trailingBytes(count: Int)
  case checksumMismatch(Part)
  /// The content is (or claims to be) larger than this program reads or writes.
  case tooLarge(bytes: UInt64, limit: UInt64)
  /// The checksums are right and the content is not.
  case inconsistent(String)

  package enum Part: String, Hashable, Sendable { case header, body }

  package var description: String {
    switch self {
    case .notASnapshot: "not a snapshot"
    case .notAJournal: "not a journal"
    case .unsupportedVersion(let version, let known):
      "format version \(version), and this program reads version \(known)"
    case .truncated(let at, let expected): "truncated at byte \(at) of \(expected)"
    case .trailingBytes(let count): "\(count) bytes follow its end"
    case .checksumMismatch(let part): "checksum mismatch in the \(part.rawValue)"
    case .tooLarge(let bytes, let limit): "too large: \(bytes) bytes of content, and \(limit) are read"
    case .inconsistent(let what): "inconsistent: \(what)"
    }
  }
}
