import Hashing
import JSONText

/// How records hang together: each carries the SHA-256 of the line before it, so that none can be changed, taken out or
/// put in without changing all that follow.
///
/// The chain does not show that its newest records were cut off: who wants to know that keeps its head elsewhere.
package struct AuditChain: Sendable, Equatable {
  /// What the first record ever names as the one before.
  package static let beginning = String(repeating: "0", count: 2 * SHA256.digestLength)

  /// The number of the last record; 0 before the first.
  package private(set) var sequence: UInt64 = 0
  /// The SHA-256 of the last line, in hexadecimal digits.
  package private(set) var head = beginning

  package init() {}

  /// What is wrong with the next line, as the end of a sentence; `nil` when it continues the chain.
  mutating func follow(_ line: some Collection<UInt8>, isFirstKept: Bool) -> String? {
    guard let object = (try? JSONValue.parse(Array(line)))?.asObject,
      let number = object["seq"]?.asInt64, number > 0, let previous = object["previous"]?.asString
    else { return "is not a record" }
    let (expected, before) = (sequence &+ 1, head)
    sequence = UInt64(number)
    head = SHA256.hexDigest(of: line)
    // Older files were rotated away: the first line that is kept says itself where it stands.
    if isFirstKept { return number == 1 && previous != Self.beginning ? "does not begin the chain" : nil }
    guard sequence == expected else { return "is record \(number), but \(expected) was to follow" }
    return previous == before ? nil : "does not follow the line before: one of the two was changed"
  }

  mutating func append(_ line: [UInt8]) {
    sequence += 1
    head = SHA256.hexDigest(of: line)
  }
}

/// What reading all of an audit found.
package struct AuditReport: Sendable {
  package struct Problem: Sendable, Equatable {
    package let file: String
    /// Counted from 1; 0 for the file as a whole.
    package let line: Int
    package let text: String
  }

  package var records = 0
  package var first: UInt64?
  package var chain = AuditChain()
  package var problems: [Problem] = []
  /// The last line was not written to its end: a crash leaves it so.
  package var isTorn = false

  /// At most so many problems are told: after a change every line may be one.
  package static let mostProblems = 100

  mutating func add(_ problem: Problem) {
    if problems.count < Self.mostProblems { problems.append(problem) }
  }
}
