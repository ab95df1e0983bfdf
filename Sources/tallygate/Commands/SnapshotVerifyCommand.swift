import ArgumentParser
import JSONText

/// `tallygate snapshot verify PATH`: whether everything can be read to its end.
struct SnapshotVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that a snapshot, a journal or a state directory can be read to its end.",
    discussion: """
      Exits with 0 when it can, else with 1 and what is wrong, and where. A journal whose last record was cut off is \
      said and is no error: a crash leaves it so, and no act that was acknowledged is lost by it. Files that were set \
      aside before are not looked at.

      Example:
        tallygate snapshot verify /var/lib/tallygate
      """)

  @Argument(help: "A snapshot file, a journal file or a state directory.")
  var path: String

  @Option(help: "How to print the result: text or json.")
  var output = OutputFormat.text

  func run() async throws {
    let (problems, notes) = findings()
    switch output {
    case .text:
      for note in notes { print("note: \(note)") }
      for problem in problems { StandardError.write("error: \(problem)\n") }
      if problems.isEmpty { print("\(path): good") }
    case .json:
      var json = JSONWriter()
      json.beginObject()
      json.key("good")
      json.bool(problems.isEmpty)
      json.strings("problems", problems)
      json.strings("notes", notes)
      json.endObject()
      json.printLine()
    }
    if !problems.isEmpty { throw ExitCode(1) }
  }

  private func findings() -> (problems: [String], notes: [String]) {
    do throws(StartError) {
      let report = try StateReport(path: path)
      return (report.problems, report.notes)
    } catch {
      return (error.lines, [])
    }
  }
}
