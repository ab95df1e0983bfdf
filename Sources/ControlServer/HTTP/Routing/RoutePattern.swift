/// The path of a route: literal segments and `{name}` segments, each of which takes exactly one segment.
struct RoutePattern: Hashable, Sendable {
  enum Segment: Hashable, Sendable {
    case literal(String)
    case parameter(String)

    var isParameter: Bool { if case .parameter = self { true } else { false } }
  }

  let text: String
  let segments: [Segment]

  /// A malformed pattern is a mistake in the program and ends it.
  init(_ text: String) {
    precondition(text.utf8.first == UInt8(ascii: "/"), "BUG: the route pattern \(text) must start with '/'")
    self.text = text
    segments = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
      let part = String($0) ?? ""
      guard part.hasPrefix("{") else { return .literal(part) }
      precondition(part.hasSuffix("}") && part.utf8.count > 2, "BUG: bad parameter in the route pattern \(text)")
      return .parameter(String(part.dropFirst().dropLast()))
    }
  }

  var isLiteral: Bool { !segments.contains(where: \.isParameter) }

  /// What two patterns share when they match the same paths.
  var shape: [String?] {
    segments.map { if case .literal(let text) = $0 { text } else { nil } }
  }

  /// Orders patterns so that, segment by segment, a literal is tried before a parameter.
  func isTriedBefore(_ other: RoutePattern) -> Bool {
    for (mine, theirs) in zip(segments, other.segments) where mine.isParameter != theirs.isParameter {
      return theirs.isParameter
    }
    return false
  }

  /// The parameters when `path`, already split, matches; a parameter never matches an empty segment.
  func match(_ path: [Substring]) -> RouteParameters? {
    guard path.count == segments.count else { return nil }
    var parameters = RouteParameters()
    for (segment, part) in zip(segments, path) {
      switch segment {
      case .literal(let text): if part != text { return nil }
      case .parameter(let name):
        guard !part.isEmpty, let value = try? PercentDecoding.decodeText(part.utf8) else { return nil }
        parameters.append(name, value)
      }
    }
    return parameters
  }
}
