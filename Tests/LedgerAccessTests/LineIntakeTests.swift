import BudgetCore
import LedgerAccess
import Testing
import UsageProtocol

@Suite("Line intake")
struct LineIntakeTests {
  private let ledger = makeLedger([.test(limit: nil)])
  private let counters = LineCounters()

  private func take(_ text: String, source: UsageSource = .stdin) -> LineTally {
    let intake = LineIntake(source: source, ledger: ledger, counters: counters)
    Array(text.utf8).withUnsafeBytes {
      intake.parse($0)
      intake.handOver()
    }
    return intake.total
  }

  private var used: Quantity { ledger.accounts().first?.used ?? 0 }

  @Test(
    "blocks around and far beyond the size of a batch are counted whole",
    arguments: [1, 4095, 4096, 4097, 8192, 20_000])
  func batches(lines: Int) {
    let tally = take(String(repeating: "tokens:2|c\n", count: lines))
    #expect(tally.lines == Int64(lines))
    #expect(used == Quantity(lines) * 2)
  }

  @Test("one line may hold more values than a batch")
  func packedValues() {
    let tally = take("tokens" + String(repeating: ":1", count: 10_000) + "|c\ntokens:5|c")
    #expect(tally.lines == 2)
    #expect(used == 10_005)
  }

  @Test("objects beyond the size of a batch are counted whole, between lines too")
  func objects() {
    let tally = take(String(repeating: "{\"tokens\": 3}\ntokens:1|c\n", count: 5000))
    #expect(tally.lines == 10_000)
    #expect(used == 20_000)
  }

  @Test("an object is a refused line where objects are not taken", arguments: UsageSource.allCases)
  func sources(source: UsageSource) {
    let tally = take("{\"tokens\": 3}", source: source)
    #expect(used == (source == .stdin || source == .http ? 3 : 0))
    #expect(tally.lines == 1)
    #expect(tally.hasRefusals == (used == 0))
  }

  @Test(
    "a bad line is counted by its reason, and the others count",
    arguments: [
      ("tokens:-1|c", .negative), ("tokens:x|c", .notANumber), ("tokens:1", .missingType), ("{", .badJSON),
      ("{\"tokens\": -1}", .unknownShape), ("{}", .unknownShape), ("{\"a\": 1}", .unknownShape),
      ("tokens:1|c|#agent:\(String(repeating: "x", count: 70_000))", .lineTooLong),
    ] as [(String, RejectReason)])
  func refusals(line: String, reason: RejectReason) {
    let tally = take("tokens:1|c\n\(line)\r\ntokens:1|c\n")
    #expect(tally.lines == 3)
    #expect(tally[reason] == 1)
    #expect(RejectReason.allCases.reduce(0) { $0 + tally[$1] } == 1)
    #expect(used == 2)
    #expect(counters.tally(of: .stdin)[reason] == 1)
    #expect(counters.tally(of: .udp)[reason] == 0)
    #expect(counters.total[reason] == 1)
  }

  @Test("a refusal is told with its reason and the beginning of the line")
  func told() {
    var told: [(RejectReason, String)] = []
    let intake = LineIntake(source: .udp, ledger: ledger, counters: counters) {
      told.append(($0, String(decoding: $1, as: UTF8.self)))
    }
    Array("tokens:1|c\ntokens:-5|c\nfoo:1|g".utf8).withUnsafeBytes {
      intake.parse($0)
      intake.handOver()
    }
    #expect(told.map(\.0) == [.negative])
    #expect(told.map(\.1) == ["tokens:-5|c"])
  }

  @Test("nothing in, nothing counted", arguments: ["", "\n", "\r\n\n\n"])
  func nothing(text: String) {
    #expect(take(text).lines == 0)
    #expect(counters.total.lines == 0)
  }
}
