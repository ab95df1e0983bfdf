/// How output is estimated for callers that do not say how much they expect.
package struct EstimateSettings: Hashable, Sendable {
  /// The share of calls whose output an estimate is to cover.
  package var quantile = Ratio(millionths: 950_000)
  /// Tokens assumed as long as too few calls of a model were seen; 0 assumes nothing.
  package var defaultOutput: Int64 = 0
  /// Pairs of agent and model with a distribution of their own, 256 bytes each; further ones share their model's.
  /// As many models again have one for all agents.
  package var maxPairs = 2048

  package init() {}
}

/// Where the output of a request comes from.
package enum OutputSource: UInt8, CaseIterable, Sendable {
  /// The caller said it.
  case given = 0
  /// From what calls of this agent and model, or of this model, put out before.
  case learned
  /// Configured, because too few calls were seen.
  case `default`

  package var name: String {
    switch self {
    case .given: "given"
    case .learned: "learned"
    case .default: "default"
    }
  }
}

/// How far estimates of output were off, over all calls that were settled.
package struct EstimateTally: Hashable, Sendable {
  package enum Direction: Int, CaseIterable, Sendable {
    /// More was estimated than used.
    case over = 0
    /// More was used than estimated.
    case under

    package var name: String {
      switch self {
      case .over: "over"
      case .under: "under"
      }
    }
  }

  private var tokens: [Int64]
  private var calls: [Int64]

  package init() {
    tokens = Array(repeating: 0, count: Self.placeCount)
    calls = Array(repeating: 0, count: Self.placeCount)
  }

  private static let placeCount = OutputSource.allCases.count * Direction.allCases.count

  private static func place(_ source: OutputSource, _ direction: Direction) -> Int {
    Int(source.rawValue) * Direction.allCases.count + direction.rawValue
  }

  /// Tokens by which estimates of this source were off.
  package func tokens(_ source: OutputSource, _ direction: Direction) -> Int64 { tokens[Self.place(source, direction)] }

  /// Calls whose estimate was off.
  package func calls(_ source: OutputSource, _ direction: Direction) -> Int64 { calls[Self.place(source, direction)] }

  mutating func count(_ source: OutputSource, estimated: Int64, actual: Int64) {
    guard estimated != actual else { return }
    let place = Self.place(source, estimated > actual ? .over : .under)
    let error = estimated > actual ? estimated.saturatingSubtract(actual) : actual.saturatingSubtract(estimated)
    tokens[place] = tokens[place].saturatingAdd(error)
    calls[place] = calls[place].saturatingAdd(1)
  }

  /// All numbers, for a snapshot: tokens, then calls.
  package var stored: [Int64] { tokens + calls }

  /// Takes over stored numbers; more or fewer than there are now are passed over, negative ones count as 0.
  init(stored: [Int64]) {
    self.init()
    guard stored.count == 2 * Self.placeCount else { return }
    tokens = stored.prefix(Self.placeCount).map { max(0, $0) }
    calls = stored.suffix(Self.placeCount).map { max(0, $0) }
  }
}
