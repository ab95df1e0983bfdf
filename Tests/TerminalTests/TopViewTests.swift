import BudgetCore
import Terminal
import Testing

@Suite("The live view")
struct TopViewTests {
  private func scene(_ count: Int = 5) -> TopView {
    var view = TopView(tag: "agent", window: "1h")
    var rows: [TopRow] = []
    for index in 0..<count {
      let cost = Quantity(index) * Money.picodollarsPerDollar
      let (tokens, requests) = (Int64(100 - index), Int64(index % 2))
      rows.append(TopRow(name: "a\(index)", tokens: tokens, cost: cost, requests: requests, isStopped: index == 1))
    }
    view.update(rows: rows, meters: ["daily: [██] 20%"], headline: "tallygate")
    return view
  }

  /// What is seen, without renditions.
  private func plain(_ view: inout TopView, rows: Int = 12, columns: Int = 80) -> [String] {
    view.lines(RawTerminal.Size(rows: rows, columns: columns)).map { line in
      var text = line
      while let start = text.firstRange(of: "\u{1B}["), let end = text[start.upperBound...].firstIndex(of: "m") {
        text.removeSubrange(start.lowerBound...end)
      }
      return text
    }
  }

  private func names(_ view: inout TopView) -> [String] {
    plain(&view, rows: 40).map { String($0.prefix(2)) }.filter { $0.first == "a" && $0.last?.isNumber == true }
  }

  @Test("the screen is filled exactly, whatever its size")
  func sizes() {
    for rows in [1, 2, 5, 12, 50] {
      for columns in [1, 20, 80, 200] {
        var view = scene(30)
        let lines = plain(&view, rows: rows, columns: columns)
        #expect(lines.count == rows)
        #expect(lines.allSatisfy { $0.count <= columns })
      }
    }
  }

  @Test("keys choose the column, and once more the way")
  func sorting() {
    var view = scene()
    #expect(names(&view) == ["a0", "a1", "a2", "a3", "a4"])
    _ = view.press(.character("c"))
    #expect(names(&view) == ["a4", "a3", "a2", "a1", "a0"])
    _ = view.press(.character("i"))
    #expect(names(&view) == ["a0", "a1", "a2", "a3", "a4"])
    _ = view.press(.right)
    #expect(view.order == .requests)
    #expect(names(&view) == ["a1", "a3", "a0", "a2", "a4"])
    _ = view.press(.right)
    #expect(view.order == .name)
    _ = view.press(.left)
    #expect(view.order == .requests)
  }

  @Test("the selection stays with its row, and within the list")
  func selection() {
    var view = scene()
    for _ in 0..<2 { _ = view.press(.down) }
    #expect(view.press(.character("r")) == .resume("a2"))
    _ = view.press(.character("c"))
    #expect(view.press(.character("r")) == .resume("a2"))
    for _ in 0..<20 { _ = view.press(.down) }
    #expect(view.press(.character("r")) == .resume("a0"))
    _ = view.press(.home)
    #expect(view.press(.character("r")) == .resume("a4"))
    view.update(rows: [], meters: [], headline: "")
    #expect(view.press(.character("r")) == .nothing)
    #expect(view.press(.down) == .nothing)
  }

  @Test("a stop is asked about; only y means yes")
  func stopping() {
    var view = scene()
    #expect(view.press(.character("s")) == .nothing)
    #expect(plain(&view).last?.hasPrefix("Stop agent=a0?") == true)
    #expect(view.press(.character("n")) == .nothing)
    #expect(view.press(.character("y")) == .nothing)
    _ = view.press(.character("s"))
    #expect(view.press(.character("y")) == .stop("a0"))
  }

  @Test("a long list scrolls with the selection")
  func scrolling() {
    var view = scene(30)
    _ = plain(&view)
    _ = view.press(.end)
    #expect(plain(&view).contains { $0.hasPrefix("a29") })
    _ = view.press(.home)
    #expect(plain(&view).contains { $0.hasPrefix("a0 ") })
  }

  @Test("windows go round, q and escape end it, a message is on the last line until the next key")
  func others() {
    var view = scene()
    #expect(view.press(.character("w")) == .refresh)
    #expect(view.window == "24h")
    _ = view.press(.character("w"))
    #expect(view.window == "1m")
    view.say("no\u{1B}[2J")
    #expect(plain(&view).last == "no?[2J")
    #expect(view.press(.character("q")) == .quit)
    #expect(view.press(.escape) == .quit)
    #expect(plain(&view).last?.contains("q quit") == true)
  }

  @Test("who is stopped is shown as stopped")
  func stopped() {
    var view = scene()
    #expect(plain(&view).filter { $0.contains("stopped") }.map { $0.prefix(2) } == ["a1"])
  }
}
