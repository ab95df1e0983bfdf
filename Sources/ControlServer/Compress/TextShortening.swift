/// Ways to make a text shorter without a model.
enum TextShortening {
  /// Stands where the middle of a text was.
  static let gap = " […] "
  /// Shorter texts are not halved: little more than the gap would remain.
  static let shortestHalved = 16

  /// The text with its middle taken out: about `length / 2` characters with the gap. Cuts between characters
  /// as people see them, never inside one. O(text).
  ///
  /// - Parameter length: of the text, at least `shortestHalved`.
  static func halved(_ text: String, length: Int) -> String {
    let kept = max(2, length / 2 - gap.count)
    let headEnd = text.index(text.startIndex, offsetBy: kept - kept / 2, limitedBy: text.endIndex) ?? text.endIndex
    let tailStart = text.index(text.endIndex, offsetBy: -(kept / 2), limitedBy: headEnd) ?? headEnd
    return text[..<headEnd] + gap + text[tailStart...]
  }

  /// Each run of white space as one space, or as one line break where it had any; none at the ends. O(text).
  static func collapsed(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var run: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        let isBreak = scalar == "\n" || scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}"
        run = isBreak ? "\n" : (run ?? " ")
        continue
      }
      if let run, !result.isEmpty { result.append(run) }
      run = nil
      result.append(scalar)
    }
    return String(result)
  }
}
