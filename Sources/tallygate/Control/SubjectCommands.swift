import ArgumentParser
import ControlClient
import JSONText
import Terminal

/// `tallygate stop`: the kill switch.
struct StopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop",
    abstract: "Grant nothing to an agent, user, session or task until it is resumed.",
    discussion: """
      Needs an operator's token.

      Example:
        tallygate stop agent=researcher --reason "loops" --token-file operator.token
      """)

  @Argument(help: ArgumentHelp("Who: a tag and its value.", valueName: "key=value"))
  var subject: String

  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOption

  @Option(help: ArgumentHelp("Why, for those who are refused.", valueName: "text"))
  var reason: String?

  func run() throws {
    try reporting { () throws(StartError) in
      var body = JSONObject()
      if let reason { body.insert("reason", .string(reason)) }
      let reply = try control.sidecar().act("POST", try SubjectPath.text(subject, "stop"), .object(body))
      switch output.output {
      case .json: StandardOutput.write(reply.bytes + [UInt8(ascii: "\n")])
      case .text: StandardOutput.write("\(subject.forTerminal) is stopped\n")
      }
    }
  }
}

/// `tallygate resume`: the switch back.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Let a stopped agent, user, session or task go on.",
    discussion: """
      Needs an operator's token.

      Example:
        tallygate resume agent=researcher --token-file operator.token
      """)

  @Argument(help: ArgumentHelp("Who: a tag and its value.", valueName: "key=value"))
  var subject: String

  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOption

  func run() throws {
    try reporting { () throws(StartError) in
      let reply = try control.sidecar().act("POST", try SubjectPath.text(subject, "resume"))
      switch output.output {
      case .json: StandardOutput.write(reply.bytes + [UInt8(ascii: "\n")])
      case .text:
        let wasStopped = reply.value["was_stopped"]?.asBool == true
        StandardOutput.write("\(subject.forTerminal) \(wasStopped ? "goes on" : "was not stopped")\n")
      }
    }
  }
}

enum SubjectPath {
  static func text(_ subject: String, _ verb: String) throws(StartError) -> String {
    let (key, value) = try TagOption.pair(subject, verb)
    return text(key: key, value: value, verb)
  }

  static func text(key: String, value: String, _ verb: String) -> String {
    "/v1/subjects/\(PercentEncoding.text(key))/\(PercentEncoding.text(value))/\(verb)"
  }
}
