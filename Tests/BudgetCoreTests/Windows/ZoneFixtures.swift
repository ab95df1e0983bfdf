import Foundation
import Testing

@testable import BudgetCore

/// Zones with unusual clocks: shifts of 30 minutes and 2 hours, changes at midnight, negative daylight time,
/// Ramadan, a day left out, many zones without any change.
let demandingZones = [
  "UTC", "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe",
  "Africa/Casablanca", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Chatham", "America/Sao_Paulo",
  "America/Santiago", "America/Havana", "Asia/Tehran", "Asia/Gaza", "Asia/Beirut", "Africa/Cairo",
  "Antarctica/Troll", "America/Nuuk", "Pacific/Kiritimati",
]

func zoneBytes(_ name: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/\(name)")))
}

func zoneRules(_ name: String) throws -> TimeZoneRules { try TimeZoneRules(tzif: zoneBytes(name)) }

/// Runs a Python program and returns the lines it prints.
func pythonLines(_ program: String, arguments: [String] = []) throws -> [Substring] {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
  process.arguments = ["-c", program] + arguments
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let bytes = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
  return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
}

/// SplitMix64, so that a printed seed repeats a run.
struct ZoneRandom: RandomNumberGenerator {
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

/// Seconds since the epoch of a wall time as if it were UTC.
func wall(_ year: Int64, _ month: Int64, _ day: Int64, _ hour: Int64 = 0, _ minute: Int64 = 0) -> Int64 {
  CivilDate(year: year, month: month, day: day).daysSinceEpoch * 86_400 + hour * 3600 + minute * 60
}
