/// What stands around the compressed data.
enum StreamFormat {
  /// RFC 1952: HTTP's `gzip`.
  case gzip
  /// RFC 1950.
  case zlib

  /// zlib's largest window; 16 more asks for a gzip header.
  var windowBits: Int32 {
    switch self {
    case .gzip: 15 + 16
    case .zlib: 15
    }
  }
}
