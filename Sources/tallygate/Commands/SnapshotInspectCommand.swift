import ArgumentParser
import JSONText

/// `tallygate snapshot inspect PATH`: what a file or a directory of the state is and holds.
struct SnapshotInspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a snapshot, a journal or a state directory holds.",
    discussion: """
      Of a snapshot: its version, when it was taken, the number of the last act in it, and how much of everything. \
      Of a journal: the numbers of its records, what kinds they are, and how it ends. Of a directory: each file, and \
      what a start would use. Exits with 0 when that could be read, damaged or not; `verify` tells those apart.

      Examples:
        tallygate snapshot inspect /var/lib/tallygate
        tallygate snapshot inspect /var/lib/tallygate/snapshot --output json
      """)

  @Argument(help: "A snapshot file, a journal file or a state directory.")
  var path: String

  @Option(help: "How to print it: text or json.")
  var output = OutputFormat.text

  func run() async throws {
    do throws(StartError) {
      let report = try StateReport(path: path)
      switch output {
      case .text: StandardOutput.write(report.text)
      case .json: report.json().printLine()
      }
    } catch {
      StandardError.write(error.description + "\n")
      throw ExitCode(1)
    }
  }
}
