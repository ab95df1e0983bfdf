import Foundation
import Testing

@testable import Configuration

/// The sample configuration of the repository.
let samplePath =
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../config/tallygate.yaml")
  .standardizedFileURL.path

func parse(_ text: String, file: String = "config.yaml") throws(ConfigurationErrors) -> Configuration {
  try ConfigurationLoader.parse(Array(text.utf8), file: file)
}

/// What is wrong with a configuration; empty when nothing is.
func errors(in text: String) -> [ConfigurationError] {
  do throws(ConfigurationErrors) {
    _ = try parse(text)
    return []
  } catch {
    return error.errors
  }
}

/// SplitMix64, so that a printed seed repeats a run.
struct MutationRandom: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  /// A fresh seed, or the one in `TALLYGATE_TEST_SEED`; printed.
  init(_ purpose: String) {
    let given = ProcessInfo.processInfo.environment["TALLYGATE_TEST_SEED"].flatMap { UInt64($0) }
    seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
    state = seed
    print("\(purpose): TALLYGATE_TEST_SEED=\(seed)")
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
