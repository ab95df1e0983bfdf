/// The target of a request line, taken apart: a canonical path and a decoded query.
struct RequestTarget: Equatable {
  let path: String
  let query: QueryParameters

  /// Takes origin form (`/path?query`), absolute form (`http://host/path`) and, for OPTIONS, `*`.
  init(_ uri: String, method: HTTPMethod) throws(RequestTargetError) {
    if uri == "*", method == .options {
      path = uri
      query = QueryParameters()
      return
    }
    let local = try Self.withoutAuthority(uri)
    let mark = local.utf8.firstIndex(of: UInt8(ascii: "?"))
    path = try Self.canonicalPath(local[..<(mark ?? local.endIndex)])
    guard let mark else {
      query = QueryParameters()
      return
    }
    let rest = local[local.utf8.index(after: mark)...]
    guard !rest.utf8.contains(UInt8(ascii: "#")) else { throw .badForm }
    query = try QueryParameters(parsing: rest.utf8)
  }

  private static func withoutAuthority(_ uri: String) throws(RequestTargetError) -> Substring {
    if uri.utf8.first == UInt8(ascii: "/") { return uri[...] }
    for scheme in ["http://", "https://"] where uri.lowercased().hasPrefix(scheme) {
      let authority = uri.utf8.dropFirst(scheme.utf8.count)
      guard let slash = authority.firstIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }),
        slash != authority.startIndex
      else { return "/" }
      guard uri.utf8[slash] == UInt8(ascii: "/") else { throw .badForm }
      return uri[slash...]
    }
    throw .badForm
  }

  /// Decodes and checks a path; see `HTTPRequest.path` for the canonical form. Linear.
  static func canonicalPath(_ raw: Substring) throws(RequestTargetError) -> String {
    if isCanonical(raw.utf8) { return String(raw) }
    var canonical: [UInt8] = []
    let slash = UInt8(ascii: "/")
    for segment in raw.utf8.split(separator: slash, omittingEmptySubsequences: true) {
      guard !segment.contains(UInt8(ascii: "#")) else { throw .badForm }
      let decoded = try PercentDecoding.decode(segment)
      if decoded.elementsEqual(".".utf8) || decoded.elementsEqual("..".utf8) { throw .dotSegment }
      canonical.append(slash)
      for byte in decoded {
        switch byte {
        case slash: canonical.append(contentsOf: "%2F".utf8)
        case UInt8(ascii: "%"): canonical.append(contentsOf: "%25".utf8)
        case 0..<0x20, 0x7F: throw .controlCharacter
        default: canonical.append(byte)
        }
      }
    }
    if raw.utf8.last == slash { canonical.append(slash) }
    guard let path = String(validating: canonical, as: UTF8.self) else { throw .notUTF8 }
    return path
  }

  /// True for the common path that needs no work: no escape, no dot after a slash, no repeated slash.
  private static func isCanonical(_ bytes: Substring.UTF8View) -> Bool {
    var previous: UInt8 = 0
    for byte in bytes {
      switch byte {
      case 0..<0x21, 0x7F..., UInt8(ascii: "%"), UInt8(ascii: "#"): return false
      case UInt8(ascii: "/"), UInt8(ascii: "."): if previous == UInt8(ascii: "/") { return false }
      default: break
      }
      previous = byte
    }
    return true
  }
}
