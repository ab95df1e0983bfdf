import BudgetCore
import Exposition

/// Swift Testing has a `Tag` of its own.
typealias Tag = BudgetCore.Tag

/// Noon of some day.
let noon = Instant(seconds: 1_750_075_200)

func after(_ seconds: Int64) -> Moment { Moment(noon + .seconds(seconds)) }

func tags(_ pairs: KeyValuePairs<String, String>) -> TagSet {
  TagSet(pairs.map { Tag(key: $0.key, value: $0.value) })
}

extension Budget {
  static func test(
    _ name: String, limit: Quantity?, unit: BudgetUnit = .tokens, per: [String] = [],
    window: WindowRule = .lifetime(idleExpiry: nil), mode: Mode = .enforce
  ) -> Budget {
    Budget(name: name, per: per, unit: unit, limit: limit, window: window, mode: mode)
  }
}

/// The page of a ledger after some acts, a minute past noon.
func page(
  _ format: ExpositionFormat, _ settings: LedgerSettings = LedgerSettings(), others: [MetricFamily] = [],
  _ acts: (inout Ledger) -> Void
) -> [UInt8] {
  var ledger = Ledger(settings: settings, seed: 0x5EED)
  acts(&ledger)
  let now = after(60)
  let view = ledger.view(now: now)
  return MetricsPage(view: view, settings: settings, now: now.wall, others: others).bytes(format)
}

/// A generator whose numbers a seed repeats (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
