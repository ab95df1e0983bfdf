package import BudgetCore

/// Recorded usage: what was used, by whom, from when on.
package struct Trace: Sendable {
  package struct Row: Sendable {
    /// Seconds since 1970; rows are in the order of time.
    package var time: Int64
    /// Index in `tags`.
    package var subject: Int
    package var inputTokens: Int64 = 0
    package var outputTokens: Int64 = 0
    package var requests: Int64 = 0
    /// Picodollars.
    package var cost: Quantity = 0
  }

  /// A row that was left out.
  package struct BadRow: Error, CustomStringConvertible, Sendable {
    package var line: Int
    package var problem: String

    package var description: String { "line \(line): \(problem)" }
  }

  package var rows: [Row] = []
  package var tags: [TagSet] = []
  /// Seconds that each row's use is spread over; 0: it is used at once.
  package var rowLength: Int64 = 0
  package var badRows: [BadRow] = []

  /// Relative times count from Monday, 2024-01-01, midnight UTC.
  static let origin: Int64 = 1_704_067_200
  private static let largestAmount: Int64 = 1 << 50
  private static let latest: Int64 = 8_000_000_000

  package init() {}

  /// Reads comma-separated values with a line of names. Bad rows are left out and named by their line.
  /// - Throws: `BadRow` when the names themselves are of no use. O(bytes).
  package init(csv text: [UInt8], columns: TraceColumns) throws(BadRow) {
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().makeIterator()
    guard let head = lines.next() else { throw BadRow(line: 1, problem: "the file is empty") }
    let meanings = Self.cells(head.element).map { columns.meaning(of: $0) }
    guard
      meanings.contains(.seconds) || meanings.contains(.bin) || meanings.contains(.minute)
        || meanings.contains(.day) && meanings.contains(.hour)
    else { throw BadRow(line: 1, problem: "no column of time: name one time, minute or bin, or two day and hour") }
    rowLength = columns.rowLength(meanings)
    var known: [[String]: Int] = [:]
    while let (number, line) = lines.next() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty { continue }
      do throws(BadRow) {
        let (row, values) = try Self.row(Self.cells(line), meanings, columns, line: number + 1)
        var placed = row
        if let subject = known[values] {
          placed.subject = subject
        } else {
          placed.subject = tags.count
          known[values] = tags.count
          tags.append(Self.tagSet(meanings, values))
        }
        rows.append(placed)
      } catch {
        badRows.append(error)
      }
    }
    rows.sort { ($0.time, $0.subject) < ($1.time, $1.subject) }
  }

  private static func cells(_ line: ArraySlice<UInt8>) -> [String] {
    line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { cell in
      let text = String(decoding: cell, as: UTF8.self)
      return String(text.drop { $0 == " " || $0 == "\r" }.reversed().drop { $0 == " " || $0 == "\r" }.reversed())
    }
  }

  private static func tagSet(_ meanings: [TraceColumns.Meaning], _ values: [String]) -> TagSet {
    var tags: [Tag] = []
    for meaning in meanings {
      if case .tag(let name) = meaning { tags.append(Tag(key: name, value: values[tags.count])) }
    }
    return TagSet(tags)
  }

  private static func row(
    _ cells: [String], _ meanings: [TraceColumns.Meaning], _ columns: TraceColumns, line: Int
  ) throws(BadRow) -> (Row, [String]) {
    guard cells.count == meanings.count else {
      throw BadRow(line: line, problem: "\(cells.count) cells under \(meanings.count) names")
    }
    var row = Row(time: 0, subject: 0)
    var values: [String] = []
    var isRelative = true
    for (cell, meaning) in zip(cells, meanings) {
      if case .tag = meaning {
        values.append(cell)
        continue
      }
      if meaning == .cost {
        guard let dollars = Double(cell), dollars >= 0, dollars < 1e9 else {
          throw BadRow(line: line, problem: "'\(cell)' is no amount of dollars")
        }
        row.cost = Quantity((dollars * 1e12).rounded())
        continue
      }
      guard let value = Int64(cell) ?? Double(cell).flatMap({ Int64(exactly: $0.rounded()) }),
        (0...largestAmount).contains(value)
      else { throw BadRow(line: line, problem: "'\(cell)' is no whole number from 0 to 2^50") }
      switch meaning {
      case .seconds: (row.time, isRelative) = (value, false)
      case .minute: row.time = row.time.saturatingAdd(value.saturatingMultiply(60))
      case .bin: row.time = row.time.saturatingAdd(value.saturatingMultiply(columns.binLength))
      case .day: row.time = row.time.saturatingAdd(value.saturatingMultiply(86_400))
      case .hour: row.time = row.time.saturatingAdd(value.saturatingMultiply(3600))
      case .inputTokens: row.inputTokens += value
      case .outputTokens: row.outputTokens += value
      case .requests: row.requests += value
      case .cost, .tag: break
      }
    }
    if isRelative { row.time = row.time.saturatingAdd(origin) }
    guard row.time <= latest else { throw BadRow(line: line, problem: "the time is after the year 2223") }
    return (row, values)
  }
}
