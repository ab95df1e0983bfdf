import BudgetCore

/// What tags and labels may be called.
package enum TagGrammar {
  /// Tags with a meaning of their own for one usage line; they never become labels, scopes or accounts.
  package static let perLine = [TagName.id, TagName.reservation, TagName.fingerprint]
  /// Labels that the exporter sets itself, next to those of tags.
  package static let reservedLabels = [
    "budget", "unit", "window", "state", "lookback", "level", "decision", "event", "le", "quantile",
  ]

  /// `[A-Za-z_][A-Za-z0-9_.-]*`, at most 64 bytes.
  package static func isTag(_ name: String) -> Bool {
    isName(name) { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
  }

  /// `[A-Za-z_][A-Za-z0-9_]*` without a leading `__`, at most 64 bytes: a label name for Prometheus.
  package static func isLabel(_ name: String) -> Bool {
    isName(name) { _ in false } && !name.hasPrefix("__")
  }

  /// The label that a tag becomes: `.` and `-` are not allowed in label names.
  package static func label(ofTag tag: String) -> String {
    String(tag.map { $0 == "." || $0 == "-" ? "_" : $0 })
  }

  private static func isName(_ name: String, other: (UInt8) -> Bool) -> Bool {
    guard (1...64).contains(name.utf8.count), let first = name.utf8.first else { return false }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard !digits.contains(first), first == UInt8(ascii: "_") || isLetter(first) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || digits.contains($0) || $0 == UInt8(ascii: "_") || other($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
