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
  /// Seconds from the first row to the last: each minute of them is lived through.
  package static let longest: Int64 = 3660 * 86_400

  package init() {}

  /// Reads comma-separated values with a line of names. Bad rows are left out and named by their line.
  /// - Throws: `BadRow` when the names themselves are of no use, when no row is, and when the times of two rows are
  ///   further apart than can be replayed. O(bytes).
  package init(csv text: [UInt8], columns: TraceColumns) throws(BadRow) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var lines = text.dropFirst(text.starts(with: mark) ? mark.count : 0)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().makeIterator()
    guard let head = lines.next(), !text.isEmpty else { throw BadRow(line: 1, problem: "the file is empty") }
    let meanings = try columns.meanings(of: Self.cells(head.element, line: 1))
    rowLength = columns.rowLength(meanings)
    var known: [[String]: Int] = [:]
    var (earliest, latest) = (Extreme(time: .max), Extreme(time: .min))
    while let (number, line) = lines.next() {
      if line.isEmpty || line.elementsEqual([UInt8(ascii: "\r")]) { continue }
      do throws(BadRow) {
        let (row, values) = try Self.row(Self.cells(line, line: number + 1), meanings, columns, line: number + 1)
        var placed = row
        if let subject = known[values] {
          placed.subject = subject
        } else {
          placed.subject = tags.count
          known[values] = tags.count
          tags.append(Self.tagSet(meanings, values))
        }
        rows.append(placed)
        if row.time < earliest.time { earliest = Extreme(time: row.time, line: number + 1) }
        if row.time > latest.time { latest = Extreme(time: row.time, line: number + 1) }
      } catch {
        badRows.append(error)
      }
    }
    guard !rows.isEmpty else {
      throw badRows.first.map { BadRow(line: $0.line, problem: "\($0.problem), and no other row is of use") }
        ?? BadRow(line: 1, problem: "no row follows the names")
    }
    guard latest.time - earliest.time <= Self.longest else {
      throw BadRow(
        line: latest.line,
        problem: "\((latest.time - earliest.time) / 86_400) days after line \(earliest.line): at most "
          + "\(Self.longest / 86_400) are replayed; times are in seconds")
    }
    rows.sort { ($0.time, $0.subject) < ($1.time, $1.subject) }
  }

  /// The first or the last row by time.
  private struct Extreme {
    var time: Int64
    var line = 0
  }

  private static func cells(_ bytes: ArraySlice<UInt8>, line: Int) throws(BadRow) -> [String] {
    guard bytes.count <= CSVLine.longest else {
      throw BadRow(line: line, problem: "\(bytes.count) bytes: a line has at most \(CSVLine.longest)")
    }
    guard let cells = CSVLine.cells(bytes) else {
      throw BadRow(line: line, problem: "a cell in quotes does not end with its quote")
    }
    return cells
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
          throw BadRow(line: line, problem: "'\(cell.prefix(60))' is no amount of dollars")
        }
        row.cost = Quantity((dollars * 1e12).rounded())
        continue
      }
      if meaning == .seconds, let instant = Instant(rfc3339: cell) {
        (row.time, isRelative) = (instant.seconds, false)
        continue
      }
      guard let value = Int64(cell) ?? Double(cell).flatMap({ Int64(exactly: $0.rounded()) }),
        (0...largestAmount).contains(value)
      else {
        let remedy = meaning == .seconds ? ", nor a time such as 2026-11-21T03:00:00Z" : ""
        throw BadRow(line: line, problem: "'\(cell.prefix(60))' is no whole number from 0 to 2^50\(remedy)")
      }
      switch meaning {
      case .seconds: (row.time, isRelative) = (value, false)
      case .minute: row.time = row.time.saturatingAdd(value.saturatingMultiply(60))
      case .bin: row.time = row.time.saturatingAdd(value.saturatingMultiply(columns.binLength))
      case .day: row.time = row.time.saturatingAdd(value.saturatingMultiply(86_400))
      case .hour: row.time = row.time.saturatingAdd(value.saturatingMultiply(3600))
      case .inputTokens: row.inputTokens = row.inputTokens.saturatingAdd(value)
      case .outputTokens: row.outputTokens = row.outputTokens.saturatingAdd(value)
      case .requests: row.requests = row.requests.saturatingAdd(value)
      case .cost, .tag: break
      }
    }
    if isRelative { row.time = row.time.saturatingAdd(origin) }
    guard row.time <= latest else {
      throw BadRow(line: line, problem: "the time is after the year 2223: times are in seconds")
    }
    return (row, values)
  }
}
