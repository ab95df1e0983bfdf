/// The two formats that Prometheus reads.
package enum ExpositionFormat: Hashable, Sendable {
  /// Prometheus text format 0.0.4.
  case text
  /// OpenMetrics 1.0.
  case openMetrics

  package var contentType: String {
    switch self {
    case .text: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    }
  }

  /// What an `Accept` header asks for; text when it asks for neither, or for both alike without naming OpenMetrics.
  package init(accept header: String?) {
    var openMetrics = 0
    var text = 0
    for range in (header ?? "").split(separator: ",") {
      let media = MediaRange(range)
      switch media.type {
      case "application/openmetrics-text":
        if let version = media.parameters["version"], version != "1.0.0", version != "0.0.1" { continue }
        openMetrics = max(openMetrics, media.quality)
      case "text/plain", "text/*", "*/*":
        if let version = media.parameters["version"], version != "0.0.4" { continue }
        text = max(text, media.quality)
      default: continue
      }
    }
    self = openMetrics > 0 && openMetrics >= text ? .openMetrics : .text
  }
}

/// One element of an `Accept` or `Accept-Encoding` header (RFC 9110, section 12.5).
package struct MediaRange {
  package var type: String
  package var parameters: [String: String] = [:]
  /// Thousandths.
  package var quality = 1000

  package init(_ text: Substring) {
    var parts = text.split(separator: ";").map { $0.trimmingSpaces }.makeIterator()
    type = (parts.next() ?? "").lowercased()
    while let part = parts.next() {
      guard let equals = part.firstIndex(of: "=") else { continue }
      let name = part[..<equals].trimmingSpaces.lowercased()
      var value = part[part.index(after: equals)...].trimmingSpaces
      if value.count >= 2, value.first == "\"", value.last == "\"" { value = String(value.dropFirst().dropLast()) }
      if name == "q" { quality = Self.thousandths(value) } else { parameters[name] = value }
    }
  }

  /// `0.75` as 750; anything that is no quality value as 0.
  private static func thousandths(_ text: String) -> Int {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first, whole == "0" || whole == "1", parts.count <= 2 else { return 0 }
    if whole == "1" { return 1000 }
    guard parts.count == 2, parts[1].utf8.count <= 3 else { return 0 }
    guard parts[1].utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return 0 }
    return Int(parts[1] + String(repeating: "0", count: 3 - parts[1].utf8.count)) ?? 0
  }
}

extension MediaRange {
  /// Whether an `Accept-Encoding` header asks for gzip: by name, or by `*`, and not with quality 0.
  package static func acceptsGzip(_ header: String?) -> Bool {
    var any = false
    for range in (header ?? "").split(separator: ",") {
      let media = MediaRange(range)
      if media.type == "gzip" || media.type == "x-gzip" { return media.quality > 0 }
      if media.type == "*" { any = media.quality > 0 }
    }
    return any
  }
}

extension StringProtocol {
  fileprivate var trimmingSpaces: String {
    let start = firstIndex { $0 != " " && $0 != "\t" } ?? endIndex
    let end = lastIndex { $0 != " " && $0 != "\t" }.map { index(after: $0) } ?? start
    return start < end ? String(self[start..<end]) : ""
  }
}
