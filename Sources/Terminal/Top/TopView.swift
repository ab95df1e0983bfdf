import BudgetCore

/// The live view: meters of the fullest budgets over a list of who uses most. Pure: it is told of keys and numbers, and
/// says what to draw and what somebody wants.
package struct TopView: Sendable {
  /// What is to be done because a key was pressed.
  package enum Wish: Hashable, Sendable {
    case nothing
    case quit
    /// Other numbers are to be shown: of the next window.
    case refresh
    case stop(String)
    case resume(String)
  }

  package static let windows = ["1m", "5m", "1h", "24h"]

  /// The tag whose values are listed.
  package let tag: String
  package private(set) var window: String
  package private(set) var order = TopRow.Order.tokens
  private var isReversed = false
  private var rows: [TopRow] = []
  /// Lines with the fullest budgets first.
  private var meters: [String] = []
  private var headline = ""
  /// The selected row, by name: it stays selected when the order changes.
  private var selected: String?
  private var firstShown = 0
  private var pageLength = 10
  /// Waits for yes or no: who is to be stopped.
  private var asked: String?
  private var message = ""

  package init(tag: String, window: String) {
    self.tag = tag
    self.window = window
  }

  // MARK: What it is told

  /// - Parameter meters: the budgets' lines, the fullest first.
  package mutating func update(rows: [TopRow], meters: [String], headline: String) {
    self.rows = rows
    self.meters = meters
    self.headline = headline
    sort()
  }

  /// Says something on the last line until the next key.
  package mutating func say(_ message: String) { self.message = message.forTerminal }

  package mutating func press(_ key: Key) -> Wish {
    message = ""
    if let name = asked {
      asked = nil
      return key == .character("y") ? .stop(name) : .nothing
    }
    switch key {
    case .character("q"), .escape: return .quit
    case .up, .character("k"): move(by: -1)
    case .down, .character("j"): move(by: 1)
    case .pageUp: move(by: -pageLength)
    case .pageDown: move(by: pageLength)
    case .home: move(by: -rows.count)
    case .end: move(by: rows.count)
    case .left: turn(by: -1)
    case .right: turn(by: 1)
    case .character("n"): order(by: .name)
    case .character("t"): order(by: .tokens)
    case .character("c"): order(by: .cost)
    case .character("a"): order(by: .requests)
    case .character("i"):
      isReversed.toggle()
      sort()
    case .character("w"):
      let index = Self.windows.firstIndex(of: window) ?? 0
      window = Self.windows[(index + 1) % Self.windows.count]
      return .refresh
    case .character("s"): asked = selectedRow?.name
    case .character("r"): return selectedRow.map { .resume($0.name) } ?? .nothing
    default: break
    }
    return .nothing
  }

  private var selectedIndex: Int? { rows.firstIndex { $0.name == selected } }
  private var selectedRow: TopRow? { selectedIndex.map { rows[$0] } }

  private mutating func move(by step: Int) {
    guard !rows.isEmpty else { return }
    let index = selectedIndex.map { $0 + step } ?? 0
    selected = rows[min(max(0, index), rows.count - 1)].name
  }

  private mutating func turn(by step: Int) {
    let count = TopRow.Order.allCases.count
    order(by: TopRow.Order(rawValue: (order.rawValue + step + count) % count) ?? .tokens)
  }

  private mutating func order(by order: TopRow.Order) {
    self.order = order
    isReversed = false
    sort()
  }

  private mutating func sort() {
    rows.sort { isReversed ? order.precedes($1, $0) : order.precedes($0, $1) }
    if selectedRow == nil { selected = rows.first?.name }
  }

  // MARK: What is seen

  /// Exactly as many lines as there are on the screen, each at most as wide.
  package mutating func lines(_ size: RawTerminal.Size) -> [String] {
    let shownMeters = meters.prefix(max(1, size.rows / 3))
    var lines = [headline.cut(to: size.columns)] + shownMeters.map { $0.cut(to: size.columns) }
    if meters.count > shownMeters.count {
      lines.append("… and \(meters.count - shownMeters.count) more (tallygate status)".cut(to: size.columns))
    }
    lines.append("")
    let room = max(1, size.rows - lines.count - 2)
    lines += list(rows: room, columns: size.columns)
    while lines.count < size.rows - 1 { lines.append("") }
    return Array(lines.prefix(max(0, size.rows - 1))) + [foot.cut(to: size.columns)]
  }

  private mutating func list(rows room: Int, columns: Int) -> [String] {
    pageLength = room
    let selectedIndex = selectedIndex ?? 0
    firstShown = min(max(firstShown, selectedIndex - room + 1), selectedIndex)
    firstShown = max(0, min(firstShown, rows.count - room))
    let shown = rows.dropFirst(firstShown).prefix(room)
    let amounts = shown.map { row in
      [
        GroupedDigits.text(Quantity(row.tokens)), GroupedDigits.number(row.cost, .cost),
        GroupedDigits.text(Quantity(row.requests)),
      ]
    }
    let titles = TopRow.Order.allCases.map { title($0) }
    let widths = (0..<3).map { column in max(12, amounts.map { $0[column].count }.max() ?? 0) }
    let nameWidth = max(8, columns - widths.reduce(0, +) - 6 - Self.stateWidth)
    func line(_ name: String, _ cells: [String], _ state: String) -> String {
      let all = [name.cut(to: nameWidth).padded(to: nameWidth)] + zip(cells, widths).map { $0.aligned(to: $1) }
      return (all.joined(separator: "  ") + "  " + state).padded(to: columns).cut(to: columns)
    }
    var lines = [Style.inverse(line(titles[0], Array(titles.dropFirst()), "STATE"))]
    for (row, cells) in zip(shown, amounts) {
      let text = line(row.name.forTerminal, cells, row.isStopped ? "stopped" : "")
      lines.append(row.name == selected ? Style.selected(text) : text)
    }
    return lines
  }

  private static let stateWidth = 9

  private func title(_ order: TopRow.Order) -> String {
    let title = order == .name ? tag.uppercased().forTerminal : order.title
    guard order == self.order else { return title }
    return title + (isReversed == (order == .name) ? "▼" : "▲")
  }

  private var foot: String {
    if let asked { return "Stop \(tag)=\(asked)? It is granted nothing until it is resumed. (y/n)".forTerminal }
    if !message.isEmpty { return message }
    return "↑↓ select  ←→ or n t c a sort  i invert  w window \(window)  s stop  r resume  q quit"
  }
}

/// Rendition of a line (ECMA-48, SGR).
enum Style {
  static func inverse(_ text: String) -> String { "\u{1B}[7m\(text)\u{1B}[m" }
  static func selected(_ text: String) -> String { "\u{1B}[1;4m\(text)\u{1B}[m" }
}
