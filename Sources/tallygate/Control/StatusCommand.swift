import ArgumentParser
import JSONText
import Terminal

/// `tallygate status`: how the budgets of a running sidecar stand.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how the budgets of a running sidecar stand.",
    discussion: """
      Asks the control endpoint. Exits with 1 when there is none. With --watch it looks again and again, until q or \
      Ctrl-C.

      Examples:
        tallygate status
        tallygate status --watch --interval 1s
        tallygate status --control unix:/run/tallygate/control.sock --output json
      """)

  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOption
  @OptionGroup var watching: WatchOptions

  @Flag(help: "Look again and again.")
  var watch = false

  func run() throws {
    try reporting { () throws(StartError) in
      let sidecar = try control.sidecar()
      guard watch else { return try printOnce(sidecar) }
      let interval = try watching.pause()
      _ = try Self.text(sidecar)
      try LiveScreen(interval: interval).run { () throws(StartError) in try Self.text(sidecar) }
    }
  }

  private func printOnce(_ sidecar: RemoteSidecar) throws(StartError) {
    switch output.output {
    case .json: StandardOutput.write(try sidecar.get("/v1/status").bytes + [UInt8(ascii: "\n")])
    case .text: StandardOutput.write(try Self.text(sidecar))
    }
  }

  private static func text(_ sidecar: RemoteSidecar) throws(StartError) -> String {
    let status = try sidecar.get("/v1/status").value
    guard status["accounts"]?.asArray != nil else { throw sidecar.stranger }
    let accounts = RemoteAccount.all(in: status)
    guard !accounts.isEmpty else { return "No budget has been used yet.\n" }
    return accounts.map(\.line).joined()
  }
}
