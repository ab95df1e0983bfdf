/// What a token was used for. Kinds exclude one another: `input` is input that no cache served.
package enum TokenKind: Hashable, Sendable {
  case input
  case output
  case cacheRead
  case cacheWrite
  case reasoning
  /// A kind of the user's own; charged like input.
  case other(String)

  /// All but the user's own.
  static let named: [TokenKind] = [.input, .output, .cacheRead, .cacheWrite, .reasoning]

  /// The kind a usage line or body names; any unknown name is a kind of its own.
  package init(name: String) {
    self =
      switch name {
      case "input": .input
      case "output": .output
      case "cache_read": .cacheRead
      case "cache_write": .cacheWrite
      case "reasoning": .reasoning
      default: .other(name)
      }
  }

  /// The name in usage lines, bodies and labels.
  package var name: String {
    switch self {
    case .input: "input"
    case .output: "output"
    case .cacheRead: "cache_read"
    case .cacheWrite: "cache_write"
    case .reasoning: "reasoning"
    case .other(let name): name
    }
  }
}
