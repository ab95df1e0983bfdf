import ArgumentParser
import Configuration
import ControlServer
import Snapshots

/// `tallygate snapshot export PATH`: the state as the JSON document of `GET /snapshot`.
struct SnapshotExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print the state as JSON, as GET /snapshot does.",
    discussion: """
      From a snapshot file: what it says. From a state directory: the state as a start would find it, with the acts \
      in its journals done again; that takes the configuration its sidecar runs with. Reservations and ids are in \
      neither. Nothing is changed.

      Examples:
        tallygate snapshot export backup.snapshot | jq .accounts
        tallygate snapshot export --config tallygate.yaml /var/lib/tallygate > state.json
      """)

  @Argument(help: "A snapshot file or a state directory.")
  var path: String

  @Option(help: ArgumentHelp("The sidecar's configuration, for a directory.", valueName: "file"))
  var config: String?

  func run() async throws {
    do throws(StartError) {
      StandardOutput.write(try document() + Array("\n".utf8))
    } catch {
      StandardError.write(error.description + "\n")
      throw ExitCode(1)
    }
  }

  private func document() throws(StartError) -> [UInt8] {
    if let names = StateReport.names(in: path) {
      return try replayed(isState: names.contains(where: StateReport.isState))
    }
    switch try StateReport.open(path) {
    case .snapshot(let content, _): return SnapshotDocument.json(content)
    case .journal:
      throw StartError("\(path) is a journal: it says what happened, not how things stand. Name its directory.")
    }
  }

  private func replayed(isState: Bool) throws(StartError) -> [UInt8] {
    guard isState else { throw StartError("\(path) holds no state: name the directory of --state.dir.") }
    guard let config else {
      throw StartError("\(path): name with --config the configuration whose budgets the acts in the journals count in.")
    }
    let loaded = try LoadedConfiguration(file: config, pricesFile: nil)
    let (capture, warnings) = ReadOnlyRecovery(directory: path, settings: loaded.configuration.ledger).run()
    for warning in warnings { StandardError.write("warning: \(warning)\n") }
    return SnapshotDocument.json(capture)
  }
}
