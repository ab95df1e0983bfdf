import ArgumentParser
import Audit
import JSONText

/// `tallygate audit`: what operators did and what was denied, and whether anybody changed the record of it.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Show what operators did and what was denied; check that nobody changed it since.",
    subcommands: [AuditListCommand.self, AuditVerifyCommand.self], defaultSubcommand: AuditListCommand.self)
}

/// Where the audit is.
struct AuditOptions: ParsableArguments {
  @Option(
    name: .customLong("state.dir"),
    help: ArgumentHelp("The sidecar's state directory. (default: TALLYGATE_STATE_DIR)", valueName: "directory"))
  var stateDir: String?

  func directory() throws(StartError) -> AuditDirectory {
    guard let path = stateDir ?? Environment.current[flag: "state.dir"], !path.isEmpty else {
      throw StartError(
        "No state directory is named. Name the sidecar's with --state.dir; tallygate audit asks a running one with "
          + "--control.")
    }
    return AuditDirectory(stateDirectory: path)
  }
}

/// `tallygate audit [list]`: the latest records, one JSON object a line, as they are kept.
struct AuditListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print the latest records, one JSON object a line, the oldest first.",
    discussion: """
      From the files of a state directory, or, with --control, from a running sidecar, which tells operators only.

      Examples:
        tallygate audit --state.dir /var/lib/tallygate
        tallygate audit --control 127.0.0.1:9466 --token-file operator.token --last 20
      """)

  @OptionGroup var options: AuditOptions
  @OptionGroup var control: ControlOptions

  @Option(help: "How many records at most.")
  var last = 100

  func validate() throws {
    guard last >= 1 else { throw ValidationError("--last must be a whole number >= 1.") }
  }

  func run() async throws {
    try reporting { () throws(StartError) in
      for line in try lines() { StandardOutput.write(line + [UInt8(ascii: "\n")]) }
    }
  }

  private func lines() throws(StartError) -> [[UInt8]] {
    guard control.address != nil else { return try options.directory().latest(last) }
    guard options.stateDir == nil else {
      throw StartError("--state.dir reads files, --control asks a running sidecar. Name one of them.")
    }
    let sidecar = try control.sidecar()
    let reply = try sidecar.get("/v1/audit", [("last", "\(last)")])
    guard let records = reply.value.asArray else { throw sidecar.stranger }
    return records.map { $0.bytes() }
  }
}

/// `tallygate audit verify`: whether each record still follows from the one before.
struct AuditVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that no record was changed, taken out or put in.",
    discussion: """
      Each record carries the SHA-256 of the line before it. Exits with 0 when the chain holds, else with 1 and the \
      lines where it does not. That the newest records were cut off shows only against a head that was noted before: \
      compare the one that is printed.

      Example:
        tallygate audit verify --state.dir /var/lib/tallygate
      """)

  @OptionGroup var options: AuditOptions

  @Option(help: "How to print the result: text or json.")
  var output = OutputFormat.text

  func run() async throws {
    let report: AuditReport
    do throws(StartError) {
      report = try options.directory().verify()
    } catch {
      StandardError.write("\(error)\n")
      throw ExitCode(1)
    }
    let problems = report.problems.map { "\($0.file)\($0.line > 0 ? ":\($0.line)" : ""): \($0.text)" }
    switch output {
    case .text: write(report, problems)
    case .json: writeJSON(report, problems)
    }
    if !problems.isEmpty { throw ExitCode(1) }
  }

  private func write(_ report: AuditReport, _ problems: [String]) {
    for problem in problems { StandardError.write("error: \(problem)\n") }
    if report.isTorn { print("note: the last line was cut off, as a crash leaves it") }
    if let first = report.first, first > 1 { print("note: records before \(first) were rotated away") }
    guard problems.isEmpty else { return }
    print("good: \(report.records) records, the last is \(report.chain.sequence), head \(report.chain.head)")
  }

  private func writeJSON(_ report: AuditReport, _ problems: [String]) {
    var json = JSONWriter()
    json.beginObject()
    json.key("good")
    json.bool(problems.isEmpty)
    json.key("records")
    json.int(report.records)
    json.key("last")
    json.int(report.chain.sequence)
    json.key("head")
    json.string(report.chain.head)
    json.strings("problems", problems)
    json.endObject()
    json.printLine()
  }
}
