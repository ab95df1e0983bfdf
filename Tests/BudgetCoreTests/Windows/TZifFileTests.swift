import Testing

@testable import BudgetCore

/// Builds TZif files byte by byte.
private struct TZifFile {
  var version: UInt8 = UInt8(ascii: "2")
  var transitions: [(Int64, UInt8)] = []
  var types: [Int32] = [0]
  var leapSeconds = 0
  var footer = "\nUTC0\n"

  private func big(_ value: Int64, _ size: Int) -> [UInt8] {
    (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
  }

  private func block(version: UInt8, timeSize: Int, empty: Bool = false) -> [UInt8] {
    let transitions = empty ? [] : transitions
    let types = empty ? [0] : types
    var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
    for count in [0, 0, empty ? 0 : leapSeconds, transitions.count, types.count, 4] { bytes += big(Int64(count), 4) }
    for (time, _) in transitions { bytes += big(time, timeSize) }
    for (_, type) in transitions { bytes.append(type) }
    for offset in types { bytes += big(Int64(offset), 4) + [0, 0] }
    bytes += Array("LMT\0".utf8)
    if !empty { bytes += [UInt8](repeating: 0, count: leapSeconds * (timeSize + 4)) }
    return bytes
  }

  var bytes: [UInt8] {
    if version == 0 { return block(version: 0, timeSize: 4) }
    return block(version: version, timeSize: 4, empty: true) + block(version: version, timeSize: 8)
      + Array(footer.utf8)
  }
}

@Suite struct TZifFileTests {
  @Test("every version is read", arguments: [0, 0x32, 0x33, 0x34] as [UInt8])
  func versions(version: UInt8) throws {
    let file = TZifFile(version: version, transitions: [(100, 1), (200, 0)], types: [0, 3600], footer: "\n<+02>-2\n")
    let rules = try TimeZoneRules(tzif: file.bytes)
    #expect(rules.offset(at: 99) == 0)
    #expect(rules.offset(at: 100) == 3600)
    #expect(rules.offset(at: 199) == 3600)
    // Version 1 has no footer: its last offset stays.
    #expect(rules.offset(at: 200) == (version == 0 ? 0 : 7200))
  }

  @Test("an empty footer keeps the last offset")
  func emptyFooter() throws {
    let rules = try TimeZoneRules(
      tzif: TZifFile(transitions: [(100, 1)], types: [0, 3600], footer: "\n\n").bytes)
    #expect(rules.offset(at: 4_000_000_000) == 3600)
  }

  @Test("transitions beyond all instants are harmless")
  func extremes() throws {
    let file = TZifFile(
      transitions: [(.min, 1), (-(1 << 59), 2), (0, 1), (.max, 0)], types: [0, 3600, 7200], footer: "\nUTC0\n")
    let rules = try TimeZoneRules(tzif: file.bytes)
    #expect(rules.offset(at: -1) == 7200)
    #expect(rules.offset(at: 0) == 3600)
    #expect(rules.offset(at: .max) == 3600)
    #expect(rules.offset(at: .min) == 7200)
    for period in CalendarRule.Period.allCases {
      let rule = CalendarRule(period: period, zoneName: "x", zone: rules)
      #expect(rule.period(containing: .distantPast).start == .distantPast)
      #expect(rule.period(containing: .distantFuture).end == .distantFuture)
    }
  }

  @Test("broken files are refused with their reason")
  func refused() {
    func error(_ bytes: [UInt8]) -> TZifError? {
      do throws(TZifError) {
        _ = try TimeZoneRules(tzif: bytes)
        return nil
      } catch { return error }
    }
    let good = TZifFile(transitions: [(100, 1)], types: [0, 3600])
    #expect(error(good.bytes) == nil)
    #expect(error([]) == .notTZif)
    #expect(error(Array("PK\u{3}\u{4} is something else, and long enough for a header".utf8)) == .notTZif)
    #expect(error(Array(good.bytes.prefix(43))) == .truncated)
    #expect(error(Array(good.bytes.prefix(60))) == .truncated)
    #expect(error(Array(good.bytes.dropLast(6))) == .truncated)
    #expect(error(Array(good.bytes.dropLast(1))) == .invalidFooter)
    #expect(error(TZifFile(version: 1).bytes) == .unknownVersion(1))
    #expect(error(TZifFile(types: []).bytes) == .impossibleCount)
    #expect(error(TZifFile(transitions: [(5, 0), (5, 0)]).bytes) == .transitionsOutOfOrder)
    #expect(error(TZifFile(transitions: [(5, 0), (4, 0)]).bytes) == .transitionsOutOfOrder)
    #expect(error(TZifFile(transitions: [(5, 1)]).bytes) == .unknownTimeType(1))
    #expect(error(TZifFile(types: [100_000]).bytes) == .offsetOutOfRange(100_000))
    #expect(error(TZifFile(types: [.min]).bytes) == .offsetOutOfRange(.min))
    #expect(error(TZifFile(leapSeconds: 27).bytes) == .leapSeconds)
    #expect(error(TZifFile(footer: "\nnonsense\n").bytes) == .invalidFooter)
    #expect(error(TZifFile(transitions: (0..<8193).map { ($0, 0) }).bytes) == .tooManyTransitions(8193))
    var counts = good.bytes
    counts[32] = 0xff
    #expect(error(counts) == .impossibleCount)
  }

  @Test("damaged files end in an error or in rules that can be used")
  func damaged() throws {
    var random = ZoneRandom("damaged zone files")
    var accepted = 0
    for name in ["Europe/Berlin", "Africa/Casablanca", "UTC", "Asia/Gaza"] {
      let original = try zoneBytes(name)
      for _ in 0..<2000 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
        guard let rules = try? TimeZoneRules(tzif: bytes) else { continue }
        accepted += 1
        for period in CalendarRule.Period.allCases {
          let instant = Instant(nanoseconds: Int64.random(in: Int64.min..<Int64.max, using: &random))
          let span = CalendarRule(period: period, zoneName: name, zone: rules).period(containing: instant)
          #expect(span.start <= instant && instant < span.end, "seed \(random.seed)")
        }
      }
    }
    #expect(accepted > 100)
  }
}
