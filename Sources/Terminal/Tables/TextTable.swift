/// Rows under headings, in columns as wide as what stands in them.
package struct TextTable {
  package enum Alignment: Sendable { case left, right }

  package struct Column: Sendable {
    package var title: String
    package var alignment: Alignment

    package init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  private let columns: [Column]
  package private(set) var rows: [[String]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// - Parameter cells: one for each column.
  package mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "a cell for each column")
    rows.append(cells.map(\.forTerminal))
  }

  /// The headings and the rows, without spaces at their ends. A cell is cut to `widest` characters.
  package func lines(widest: Int = 60) -> [String] {
    let all = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in min(widest, all.map { $0[column].count }.max() ?? 0) }
    return all.map { cells in
      let line = columns.indices.map { index in
        let cell = cells[index].cut(to: widest)
        return columns[index].alignment == .left ? cell.padded(to: widths[index]) : cell.aligned(to: widths[index])
      }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  package var text: String { lines().map { $0 + "\n" }.joined() }
}
