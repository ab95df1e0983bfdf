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
    arguments: ["1,x", "1", "-1,5", "1,99999999999999999999", "nan,5", "1,1e300", "1,2,3"])
  func badRows(row: String) throws {
    let read = try trace("minute,tokens\n0,1\n\(row)\n2,1\n")
    #expect(read.rows.count == 2)
    #expect(read.badRows.map(\.line) == [3])
  }

  @Test("a file without a column of time is refused")
  func noTime() {
    #expect(throws: Trace.BadRow.self) { try trace("client,tokens\n1,2\n") }
  }
}
