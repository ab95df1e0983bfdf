import ArgumentParser
import BudgetCore
import ControlClient
import JSONText
import Terminal

/// `tallygate top`: who spends, live.
struct TopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Watch who uses most, and how full the budgets are.",
    discussion: """
      Keys: arrows select and choose the column to sort by; n, t, c and a sort by name, tokens, cost and requests, i \
      turns the order round; w takes the next window; s stops and r resumes who is selected (with an operator's \
      token); q ends it.

      Examples:
        tallygate top
        tallygate top --by user --window 5m --interval 1s
      """)

  private static let mostRows = 1000

  @OptionGroup var control: ControlOptions
  @OptionGroup var watching: WatchOptions

  @Option(help: ArgumentHelp("The tag whose values are listed.", valueName: "tag"))
  var by = "agent"

  @Option(help: "How far to look back: 1m, 5m, 1h or 24h.")
  var window = "1h"

  func run() throws {
    try reporting { () throws(StartError) in
      guard RawTerminal() != nil else {
        throw StartError("top needs a terminal. For a look without one: tallygate usage, tallygate status --watch.")
      }
      let interval = try watching.pause()
      try show(try control.sidecar(), every: interval)
    }
  }

  private func show(_ sidecar: RemoteSidecar, every interval: Interval) throws(StartError) {
    var view = TopView(tag: by, window: window)
    // The first look tells of mistakes before the screen is taken.
    try look(sidecar, &view)
    try LiveScreen(interval: interval).run(
      look: { () throws(StartError) in
        do throws(StartError) {
          try look(sidecar, &view)
        } catch {
          // It may come back: what was last known stays in sight.
          view.say(error.description)
        }
      },
      draw: { view.lines($0) },
      react: { key in
        switch view.press(key) {
        case .nothing: return .redraw
        case .quit: return .end
        case .refresh: return .refresh
        case .stop(let name): return act(sidecar, &view, name, "stop", "is stopped")
        case .resume(let name): return act(sidecar, &view, name, "resume", "goes on")
        }
      })
  }

  private func act(
    _ sidecar: RemoteSidecar, _ view: inout TopView, _ name: String, _ verb: String, _ done: String
  ) -> LiveScreen.Reaction {
    do throws(StartError) {
      _ = try sidecar.act("POST", SubjectPath.text(key: by, value: name, verb), .object(JSONObject()))
      try look(sidecar, &view)
      view.say("\(by)=\(name) \(done)")
    } catch {
      view.say(error.description)
    }
    return .redraw
  }

  private func look(_ sidecar: RemoteSidecar, _ view: inout TopView) throws(StartError) {
    let usage = try sidecar.get("/v1/usage", [("by", by), ("window", view.window), ("top", "\(Self.mostRows)")]).value
    let status = try sidecar.get("/v1/status").value
    let stopped = try stopped(sidecar)
    let rows = RemoteUsage.all(in: usage, by: by).map { row in
      TopRow(
        name: row.name, tokens: row.tokens, cost: JSONNumber(literal: row.cost)?.decimal(scale: 12) ?? 0,
        requests: row.requests, isStopped: stopped.contains(row.name))
    }
    let accounts = RemoteAccount.all(in: status).sorted { $0.fullness > $1.fullness }
    let time = status["time"]?.asString?.prefix(19).replacing("T", with: " ") ?? ""
    let needing = accounts.count { $0.state != "ok" }
    view.update(
      rows: rows, meters: accounts.map { String($0.line.dropLast()) },
      headline: "tallygate \(sidecar.client.address)  \(time) UTC  \(accounts.count) accounts, \(needing) not ok, "
        + "\(stopped.count) stopped")
  }

  /// The values of the tag that an operator or a rule stopped.
  private func stopped(_ sidecar: RemoteSidecar) throws(StartError) -> Set<String> {
    Set((try sidecar.get("/v1/subjects").value.asArray ?? []).compactMap { $0["subject"]?[by]?.asString })
  }
}

extension RemoteAccount {
  /// The used share in millionths, to sort by; -1 without a limit.
  fileprivate var fullness: Quantity {
    guard let limit else { return -1 }
    return limit == 0 ? .max : used.saturatingMultiply(1_000_000) / limit
  }
}
