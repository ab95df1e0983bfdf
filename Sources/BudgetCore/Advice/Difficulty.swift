/// How hard a task is, as the one who asks puts it.
package enum Difficulty: Int, CaseIterable, Comparable, Sendable {
  case easy = 0
  case medium, hard

  /// Anything that is not a known word counts as medium.
  package init(name: String?) {
    switch name {
    case "easy": self = .easy
    case "hard": self = .hard
    default: self = .medium
    }
  }

  package var name: String {
    switch self {
    case .easy: "easy"
    case .medium: "medium"
    case .hard: "hard"
    }
  }

  /// One step less hard; easy stays easy.
  package var easier: Difficulty { Difficulty(rawValue: rawValue - 1) ?? .easy }

  package static func < (left: Difficulty, right: Difficulty) -> Bool { left.rawValue < right.rawValue }
}
