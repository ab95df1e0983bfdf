import ArgumentParser
import ControlClient
import Glibc
import JSONText
import Terminal

/// `tallygate events`: what happens to budgets, as it happens.
struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Follow what happens to budgets, pools and subjects.",
    discussion: """
      Goes on until it is interrupted, also over restarts of the sidecar: it comes back with the id of the last event, \
      and hears what it missed. With --output json each event is one line.

      Examples:
        tallygate events
        tallygate events --kind exceeded,stop --budget org-month
      """)

  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOption

  @Option(help: ArgumentHelp("Only of these budgets, with commas between them.", valueName: "names"))
  var budget: String?

  @Option(help: ArgumentHelp("Only of these kinds, with commas between them.", valueName: "kinds"))
  var kind: String?

  @Option(help: ArgumentHelp("Go on behind this event.", valueName: "id"))
  var since: String?

  @Option(help: ArgumentHelp("End after so many events.", valueName: "count"))
  var count: Int?

  func run() throws {
    try reporting { () throws(StartError) in
      let sidecar = try control.sidecar()
      let parameters = [("budget", budget), ("kind", kind)].compactMap { name, value in value.map { (name, $0) } }
      try follow(sidecar, "/v1/events" + PercentEncoding.query(parameters))
    }
  }

  private func follow(_ sidecar: RemoteSidecar, _ path: String) throws(StartError) {
    var parser = EventStreamParser(lastID: since ?? "")
    var left = count ?? .max
    var wasThere = false
    while left > 0 {
      var refusal: HTTPAnswer?
      do throws(ControlError) {
        refusal = try sidecar.client.follow(path, &parser) { event in
          print(event)
          left -= 1
          return left > 0
        }
      } catch {
        // Who was never there is a mistake; who has gone may come back.
        if case .unreachable = error, !wasThere { throw sidecar.explain(error) }
        if error == .notHTTP { throw sidecar.explain(error) }
      }
      // Too many listen, or it is about to end: later.
      if let refusal, refusal.status != 503 { throw sidecar.refusal(try sidecar.reply(refusal)) }
      wasThere = true
      if left > 0 { usleep(UInt32(min(60_000, parser.retryMilliseconds ?? 2000)) * 1000) }
    }
  }

  private func print(_ event: EventStreamParser.Event) {
    switch output.output {
    case .json: StandardOutput.write(event.data + "\n")
    case .text: StandardOutput.write(Self.line(event))
    }
  }

  private static func line(_ event: EventStreamParser.Event) -> String {
    guard let value = try? JSONValue.parse(event.data) else {
      return "\(event.kind): \(event.data)\n".forTerminal + "\n"
    }
    let time = value["time"]?.asString ?? ""
    let subject = value["tags"]?.asObject ?? value["subject"]?.asObject
    let owner = (subject?.members ?? []).map { "\($0.key)=\($0.value.asString ?? "")" }.joined(separator: ",")
    var parts = [event.kind.padded(to: 9), value["budget"]?.asString ?? "", owner].filter { !$0.isEmpty }
    if let account = RemoteAccount(value), let limit = account.limit {
      parts.append("\(account.usedText(of: limit))")
    }
    for member in ["reason", "cause", "count"] {
      guard let detail = value[member], !detail.isNull else { continue }
      let text = detail.asString ?? String(decoding: detail.bytes(), as: UTF8.self)
      if !text.isEmpty { parts.append("\(member) \(text)") }
    }
    return "\(time)  \(parts.joined(separator: "  "))".forTerminal + "\n"
  }
}
