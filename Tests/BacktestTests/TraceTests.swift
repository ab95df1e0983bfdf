import BudgetCore
import Testing

@testable import Backtest

@Suite("Traces")
struct TraceTests {
  private func trace(_ text: String, _ columns: TraceColumns = TraceColumns()) throws -> Trace {
    try Trace(csv: Array(text.utf8), columns: columns)
  }

  @Test("columns are found by name, in any order; what has no meaning of its own is a tag")
  func columns() throws {
    let read = try trace("client,output_tokens,bin,input_tokens,requests\n7,20,1,100,3\n7,0,0,5,1\n8,1,2,0,0\n")
    #expect(read.rows.map(\.time) == [0, 600, 1200].map { Trace.origin + $0 })
    #expect(read.rows.map(\.inputTokens) == [5, 100, 0])
    #expect(read.rows.map(\.outputTokens) == [0, 20, 1])
    #expect(read.rowLength == 600)
    #expect(read.tags == [TagSet([Tag(key: "client", value: "7")]), TagSet([Tag(key: "client", value: "8")])])
  }

  @Test("days and hours, columns counted as requests, and times since 1970 are understood")
  func times() throws {
    var columns = TraceColumns()
    columns.requestColumns = ["api", "conversation"]
    let hours = try trace("day,hour,conversation,api\n1,2,30,4\n", columns)
    #expect(hours.rows.map(\.time) == [Trace.origin + 86_400 + 7200])
    #expect(hours.rows.map(\.requests) == [34])
    let seconds = try trace("timestamp,tokens,cost_usd\n1700000000,5,0.25\n")
    #expect(seconds.rows.first?.time == 1_700_000_000)
    #expect(seconds.rows.first?.cost == 250_000_000_000)
  }

  @Test(
    "a bad row is named by its line and left out",
    arguments: [
      "1,x", "1", "-1,5", "1,-5", "1,nan", "1,inf", "1,1e400", "1,\"5", "1,\"5\"5", "1,99999999999999999999", "nan,5",
      "1,1e300", "1,2,3",
    ])
  func badRows(row: String) throws {
    let read = try trace("minute,tokens\n0,1\n\(row)\n2,1\n")
    #expect(read.rows.count == 2)
    #expect(read.badRows.map(\.line) == [3])
  }

  @Test(
    "names that say no time, more than one, or no amount are refused with what would be right",
    arguments: [
      ("client,tokens", "no column of time"), ("minute;client;tokens", "a comma between names"),
      ("1,a,5", "no column of time"), ("day,tokens", "no column of time"),
      ("minute,time,tokens", "more than one column"),
      ("minute,minute,tokens", "more than one column"), ("minute,client", "no column of amounts"),
    ])
  func names(head: String, problem: String) {
    let error = #expect(throws: Trace.BadRow.self) { try trace("\(head)\n1,2,3\n") }
    #expect(error?.line == 1 && error?.problem.contains(problem) == true, "\(String(describing: error))")
  }

  @Test("a file of nothing, of names alone and of bad rows alone is refused, not taken for a quiet one")
  func nothing() {
    for (text, problem) in [
      ("", "the file is empty"), ("minute,tokens\n", "no row follows"),
      ("minute,tokens\nx,1\ny,1\n", "'x' is no whole"),
    ] {
      let error = #expect(throws: Trace.BadRow.self) { try trace(text) }
      #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    }
  }

  @Test("marks of byte order, quotes, carriage returns, blanks and a last line without an end are read")
  func dialects() throws {
    let plain = try trace("minute,client,tokens\n1,\"a,b\",5\n2,\"say \"\"x\"\"\",6\n")
    #expect(plain.tags.map { $0.tags.first?.value } == ["a,b", "say \"x\""])
    for text in [
      "\u{FEFF}minute,client,tokens\n1,\"a,b\",5\n2,\"say \"\"x\"\"\",6\n",
      "\"minute\",\"client\" ,\"tokens\"\r\n\"1\", \"a,b\",5\r\n\r\n 2 ,\"say \"\"x\"\"\",\"6\"",
    ] {
      let read = try trace(text)
      #expect(read.tags == plain.tags && read.badRows.isEmpty)
      #expect(read.rows.map(\.time) == plain.rows.map(\.time) && read.rows.map(\.inputTokens) == [5, 6])
    }
  }

  @Test("times as RFC 3339 writes them are read with their offset; those without one are not guessed")
  func writtenTimes() throws {
    // The hour that Berlin lived twice, in summer time and in winter time.
    let read = try trace(
      "time,tokens\n2024-10-27T02:30:00+02:00,1\n2024-10-27T02:30:00+01:00,2\n2024-10-27T02:30:00,3\n1729989000.5,4\n")
    #expect(read.rows.map(\.time) == [1_729_989_000, 1_729_989_001, 1_729_992_600])
    #expect(read.rows.map(\.inputTokens) == [1, 4, 2])
    #expect(read.badRows.map(\.line) == [4] && read.badRows[0].problem.contains("2026-11-21T03:00:00Z"))
  }

  @Test("rows in any order and at equal times all count; times that lie more than ten years apart are named")
  func order() throws {
    let read = try trace("minute,client,tokens\n10,a,5\n2,a,6\n3,b,1\n10,a,5\n")
    #expect(read.rows.map { ($0.time - Trace.origin) / 60 } == [2, 3, 10, 10])
    let error = #expect(throws: Trace.BadRow.self) { try trace("time,tokens\n1700000000,1\n5,2\n1700000001,1\n") }
    #expect(error?.line == 4 && error?.problem.contains("19675 days after line 3") == true)
  }

  @Test("sums of many columns saturate, and a line of megabytes is named in an instant")
  func extremes() throws {
    let largest = 1 << 50
    let names = [String](repeating: "tokens", count: 9000).joined(separator: ",")
    let cells = [String](repeating: "9", count: 9000).joined(separator: ",")
    #expect(try trace("minute,\(names)\n1,\(cells)\n").rows.first?.inputTokens == 81_000)
    #expect(try trace("minute,tokens,tokens\n1,\(largest),\(largest)\n").rows.first?.inputTokens == Int64(2 * largest))
    let long = String(repeating: "x", count: 4_000_000)
    let clock = ContinuousClock()
    let start = clock.now
    let read = try trace("minute,client,tokens\n1,\(long),5\n2,a,5\n")
    #expect(read.badRows.map(\.line) == [2] && read.rows.count == 1)
    #expect(clock.now - start < .seconds(2))
  }

  @Test("no bytes trap", arguments: 1...40 as ClosedRange<UInt64>)
  func anything(seed: UInt64) {
    var generator = seed &* 0x9E37_79B9_7F4A_7C15
    let alphabet = Array("time,tokens\n\"\"\r 1-9e.T:Z\u{FEFF}".utf8)
    let text = (0..<600).map { _ in
      generator = generator &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return alphabet[Int(generator >> 33) % alphabet.count]
    }
    for head in ["", "time,tokens\n", "minute,client,cost_usd\n"] {
      let read = try? Trace(csv: Array(head.utf8) + text, columns: TraceColumns())
      #expect(read?.rows.isEmpty != true)
    }
  }
}
