extension String {
  /// Without what a terminal would obey: a name may hold anything.
  var forTerminal: String {
    String(unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : Character($0) })
  }

  /// With spaces behind it, up to this many characters.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
