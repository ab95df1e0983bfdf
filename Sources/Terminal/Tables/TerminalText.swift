extension String {
  /// Without what a terminal would obey: a name may hold anything.
  package var forTerminal: String {
    guard unicodeScalars.contains(where: { Self.isObeyed($0) }) else { return self }
    var shown = UnicodeScalarView()
    for scalar in unicodeScalars { shown.append(Self.isObeyed(scalar) ? "?" : scalar) }
    return String(shown)
  }

  /// Controls, and marks that turn the direction of writing or are not seen.
  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// With spaces behind it, up to this many characters.
  package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  /// With spaces before it, up to this many characters.
  package func aligned(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

  /// At most this many characters; one that was cut ends in `…`.
  package func cut(to width: Int) -> String {
    guard count > width else { return self }
    return width > 0 ? prefix(width - 1) + "…" : ""
  }
}
