import Testing

@testable import BudgetCore

@Suite("Lines")
struct LineTests {
  @Test("B2, B4: tokens, calls, costs, items and durations each count in their series")
  func kinds() {
    var ledger = makeLedger()
    let text = "agent:a,user:u,model:gpt-4o,kind:output,session:s"
    ledger.line(.tokens, 100, text, at: after(0))
    ledger.line(.tokens, 20, "session:t,model:gpt-4o,token_type:output,user:u,agent:a", at: after(0))
    ledger.line(.requests, 2, text, at: after(0))
    ledger.line(.cost, 5, text, at: after(0))
    ledger.line(.items, 7, text, at: after(0))
    ledger.line(.duration, 50_000_000, text, at: after(0), weight: 10)
    let series = ledger.seriesByLabels(at: after(0))
    let histograms = ledger.view(now: after(0)).histograms
    let call = series[#"agent="a",user="u",model="gpt-4o""#]
    #expect(series.count == 2)
    #expect(series[#"agent="a",user="u",model="gpt-4o",token_type="output""#]?.tokens == 120)
    #expect(call?.requests == 2 && call?.cost == 5 && call?.items == 7)
    #expect(histograms.count == 1 && histograms[0].counts[3] == 10)
  }

  @Test("tokens without a type are input, in series and budgets alike")
  func untyped() {
    var ledger = makeLedger([
      .test("input", limit: 100, match: [TagPattern(key: "token_type", glob: "input")]),
      .test("types", limit: 100, per: ["token_type"]),
      .test("input cost", limit: nil, unit: .cost, match: [TagPattern(key: "token_type", glob: "input")]),
    ])
    ledger.line(.tokens, 10, "agent:a", at: after(0))
    ledger.line(.tokens, 20, "agent:a,kind:input", at: after(0))
    ledger.line(.tokens, 40, "agent:a,kind:output", at: after(0))
    ledger.line(.tokens, 80, "agent:a,id:x", at: after(0))
    // A cost without a type is not one of input.
    ledger.line(.cost, 1, "agent:a", at: after(0))
    let input = ledger.used("input", at: after(0))
    let types = ledger.readings("types", at: after(0))
    let cost = ledger.used("input cost", at: after(0))
    let series = ledger.seriesByLabels(at: after(0))
    #expect(input == 110 && types == [Reading(used: 110), Reading(used: 40)])
    #expect(cost == 110 * 5_000_000)
    #expect(series[#"agent="a",token_type="input""#]?.tokens == 110)
  }

  @Test("a budget on a token type decides on tokens of that type only")
  func typedDecisions() {
    var ledger = makeLedger([.test("out", limit: 100, match: [TagPattern(key: "token_type", glob: "output")])])
    let input = ledger.ask(tokens(500), at: after(0))
    let output = ledger.ask(tokens(101, .output), at: after(0))
    let id = ledger.hold(
      Spend(tokens: [TokenAmount(kind: .input, count: 900), TokenAmount(kind: .output, count: 60)]), at: after(0))
    let readings = ledger.readings("out", at: after(0))
    ledger.use(500, at: after(1))
    let unchanged = ledger.readings("out", at: after(1))
    #expect(input.verdict == .allow && output.verdict == .deny && id != nil)
    #expect(readings == [Reading(used: 0, reserved: 60)] && unchanged == readings)
  }

  @Test(
    "sampled fractions are carried: no part of a token is lost",
    arguments: [
      // Lines, whole part, fraction as the parser cuts it, expected sum.
      (3, 3, 1_431_655_765, 10), (300, 3, 1_431_655_765, 1000), (10, 0, 429_496_729, 1), (1000, 0, 429_496_729, 100),
      (4, 0, 2_147_483_648, 2), (7, 1, 613_566_756, 8), (2, 0, .max, 2),
    ] as [(Int, Int64, UInt32, Int64)])
  func fractions(lines: Int, whole: Int64, fraction: UInt32, expected: Int64) {
    var ledger = makeLedger([.test(limit: nil)])
    for _ in 0..<lines { ledger.line(.tokens, whole, "agent:a", at: after(0), fraction: fraction) }
    let series = ledger.seriesByLabels(at: after(0))
    let used = ledger.used(at: after(0))
    #expect(series[#"agent="a",token_type="input""#]?.tokens == expected)
    #expect(used == Quantity(expected))
  }

  @Test("halves of requests and halves of items do not make wholes of each other")
  func fractionsApart() {
    var ledger = makeLedger()
    for _ in 0..<100 {
      ledger.line(.requests, 0, "agent:a", at: after(0), fraction: 1 << 31)
      ledger.line(.items, 0, "agent:a", at: after(0), fraction: 1 << 31)
    }
    let series = ledger.seriesByLabels(at: after(0))
    #expect(series[#"agent="a""#]?.requests == 50 && series[#"agent="a""#]?.items == 50)
  }

  @Test("a line with an id that comes twice within 15 minutes is counted once")
  func duplicates() {
    var ledger = makeLedger([.test(limit: nil)])
    for second in [0, 1, 600, 899] as [Int64] { ledger.line(.tokens, 10, "agent:a,id:x", at: after(second)) }
    ledger.line(.tokens, 10, "id:x,agent:a", at: after(899))
    let once = ledger.used(at: after(899))
    let duplicates = ledger.counters.duplicates
    ledger.line(.tokens, 10, "agent:a,id:y", at: after(900))
    ledger.line(.tokens, 10, "agent:a,id:x", at: after(7200))
    let later = ledger.used(at: after(7200))
    #expect(once == 10 && duplicates == 4 && later == 30)
  }

  @Test("the lines of one call may all carry its id")
  func linesOfOneCall() {
    var ledger = makeLedger([.test(limit: nil), .test("calls", limit: nil, unit: .requests)])
    for _ in 0..<2 {
      ledger.line(.tokens, 800, "agent:a,kind:input,id:call-1", at: after(0))
      ledger.line(.tokens, 200, "agent:a,kind:output,id:call-1", at: after(0))
      ledger.line(.requests, 1, "agent:a,id:call-1", at: after(0))
    }
    let used = ledger.used(at: after(0))
    let calls = ledger.used("calls", at: after(0))
    #expect(used == 1000 && calls == 1 && ledger.counters.duplicates == 3)
  }

  @Test("an id is remembered for 15 minutes, wherever in a generation it came")
  func duplicateMemory() {
    var random = ZoneRandom("duplicates")
    var filter = DuplicateFilter(capacity: 1_000_000, seed: 5)
    var seen: [Int: Int64] = [:]
    var now: Int64 = 0
    for _ in 0..<20_000 {
      now += Int64.random(in: 0...(Int.random(in: 0..<50, using: &random) == 0 ? 2000 : 20), using: &random)
      let id = Int.random(in: 0..<400, using: &random)
      let isNew = filter.insert(id: "\(id)", now: Instant(seconds: now))
      let age = seen[id].map { now - $0 } ?? .max
      if age < 900 { #expect(!isNew) }
      if age >= 1800 { #expect(isNew) }
      if isNew { seen[id] = now }
    }
    #expect(filter.young.count + filter.old.count <= 400)
  }

  @Test("ids beyond the bound are forgotten, oldest first; the memory stays bounded")
  func duplicateBound() {
    var filter = DuplicateFilter(capacity: 100, seed: 5)
    for number in 0..<10_000 {
      let isNew = filter.insert(id: "\(number)", now: Instant(seconds: 1))
      #expect(isNew)
      #expect(filter.young.count + filter.old.count <= 100)
    }
    for recent in ["9999", "9951"] {
      let isNew = filter.insert(id: recent, now: Instant(seconds: 1))
      #expect(!isNew)
    }
  }

  @Test("usage recorded twice under one id is counted once; an empty id is none")
  func recordedTwice() {
    var ledger = makeLedger([.test(limit: nil)])
    for _ in 0..<3 { _ = ledger.record(tokens(10), tags: .empty, id: "k", now: after(0)) }
    for _ in 0..<3 { _ = ledger.record(tokens(1), tags: .empty, id: "", now: after(0)) }
    let used = ledger.used(at: after(0))
    #expect(used == 13)
  }

  @Test("a line that names a reservation settles it; further lines of the call count too")
  func reservationLines() {
    var ledger = makeLedger([.test(limit: 1000)])
    let id = ledger.hold(tokens(500), at: after(0))!
    ledger.line(.tokens, 300, "agent:a,kind:input,reservation:\(id.text)", at: after(1))
    ledger.line(.tokens, 50, "agent:a,kind:output,reservation:\(id.text)", at: after(1))
    let readings = ledger.readings(at: after(1))
    guard case .settled(_, let isRepeat) = ledger.settle(id, actual: nil, now: after(2)) else {
      Issue.record("unknown")
      return
    }
    let series = ledger.seriesByLabels(at: after(2))
    #expect(readings == [Reading(used: 350)] && isRepeat)
    // Special tags are no labels.
    #expect(series.keys.sorted() == [#"agent="a",token_type="input""#, #"agent="a",token_type="output""#])
    #expect(ledger.counters.reservationsSettled == 1)
  }

  @Test(
    "a reservation that nobody made does not lose the line", arguments: ["", "zz", String(repeating: "0", count: 32)])
  func unknownReservation(text: String) {
    var ledger = makeLedger([.test(limit: 1000)])
    ledger.line(.tokens, 5, "agent:a,reservation:\(text)", at: after(0))
    let used = ledger.used(at: after(0))
    #expect(used == 5)
  }

  @Test(
    "a line whose tags cannot be read is counted by its reason and nowhere else",
    arguments: [
      (Array(":x".utf8), .emptyTagKey), ([0x61, 0x3A, 0xFF], .invalidUTF8),
      (Array("a:\(String(repeating: "x", count: 600))".utf8), .tagTooLong),
      (Array((0..<70).map { "t\($0)" }.joined(separator: ",").utf8), .tooManyTags),
    ] as [([UInt8], RejectReason)])
  func refused(bytes: [UInt8], reason: RejectReason) {
    var ledger = makeLedger([.test(limit: 1000)])
    for _ in 0..<2 { ledger.line(.tokens, 5, bytes: bytes, at: after(0)) }
    let accounts = ledger.accountCount
    #expect(ledger.counters[reason] == 2 && accounts == 0)
  }

  @Test("bytes that equal the ledger's own spelling of tags are refused like any invalid line")
  func forgedSpelling() {
    var ledger = makeLedger([.test(limit: 1000)])
    let who = tags(["agent": "a"])
    ledger.use(1, who, at: after(0))
    ledger.line(.tokens, 500, bytes: who.encoded, at: after(0))
    ledger.line(.tokens, 500, bytes: who.setting("token_type", to: "input").encoded, at: after(0))
    let used = ledger.used(at: after(0))
    #expect(used == 1 && ledger.counters[.invalidUTF8] == 2)
  }

  @Test("spellings without number only make routes, and routes are bounded")
  func routeBound() {
    var ledger = makeLedger([.test(limit: nil)]) { $0.bounds.maxSeries = 1 }
    for number in 0..<40_000 { ledger.line(.tokens, 1, "agent:a,session:s\(number)", at: after(0)) }
    let used = ledger.used(at: after(0))
    let routes = ledger.routes.keys.count
    #expect(used == 40_000 && routes <= 16_385)
  }
}
