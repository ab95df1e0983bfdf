/// The path of a route: literal segments, `{name}` segments, each of which takes exactly one segment, and at the end
/// perhaps `{name…}`, which takes one segment or more.
struct RoutePattern: Hashable, Sendable {
  enum Segment: Hashable, Sendable {
    case literal(String)
    case parameter(String)
    /// All that follows, whatever it is.
    case rest

    var isParameter: Bool { if case .literal = self { false } else { true } }
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
      return part.hasSuffix("…}") ? .rest : .parameter(String(part.dropFirst().dropLast()))
    }
    precondition(!segments.dropLast().contains(.rest), "BUG: a segment follows the rest in the route pattern \(text)")
  }

  var isLiteral: Bool { !segments.contains(where: \.isParameter) }

  /// What two patterns share when they match the same paths.
  var shape: [String?] {
    segments.map {
      switch $0 {
      case .literal(let text): text
      case .parameter: nil
      // No literal segment has a slash in it.
      case .rest: "/"
      }
    }
  }

  /// Orders patterns so that, segment by segment, a literal is tried before a parameter.
  func isTriedBefore(_ other: RoutePattern) -> Bool {
    for (mine, theirs) in zip(segments, other.segments) where mine.isParameter != theirs.isParameter {
      return theirs.isParameter
    }
    return false
  }

  /// The parameters when `path`, already split, matches; a parameter never matches an empty segment.
  func match(_ path: [Substring.UTF8View]) -> RouteParameters? {
    guard path.count == segments.count || segments.last == .rest && path.count >= segments.count else { return nil }
    var parameters = RouteParameters()
    for (segment, part) in zip(segments, path) {
      switch segment {
      case .literal(let text): if !part.elementsEqual(text.utf8) { return nil }
      case .parameter(let name):
        guard !part.isEmpty, let value = try? PercentDecoding.decodeText(part) else { return nil }
        parameters.append(name, value)
      case .rest: return parameters
      }
    }
    return parameters
  }
}
