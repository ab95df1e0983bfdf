import ArgumentParser
import BudgetCore
import LedgerAccess
import Snapshots

/// `tallygate snapshot restore SNAPSHOT --state.dir DIR`: another state for the next start.
struct SnapshotRestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a snapshot into a state directory that no sidecar uses.",
    discussion: """
      The file is checked first. What the directory held (snapshots, and journals that would be done again on top) \
      moves to a directory inside it, before-restore-SECONDS, and nothing is deleted: it can be restored the same way.

      What GET /snapshot serves as application/octet-stream can be restored too: its totals and accounts come back, \
      reservations, pools and remembered ids are not in it. Counters go back to what the snapshot says; Prometheus \
      takes that for a restart.

      Examples:
        tallygate snapshot restore backup.snapshot --state.dir /var/lib/tallygate
        tallygate snapshot restore /var/lib/tallygate/snapshot.previous --state.dir /var/lib/tallygate
      """)

  @Argument(help: "A snapshot file.")
  var snapshot: String

  @Option(
    name: .customLong("state.dir"), help: ArgumentHelp("The directory that the sidecar is given.", valueName: "dir"))
  var stateDirectory: String

  func run() async throws {
    do throws(StartError) {
      try restore()
    } catch {
      StandardError.write(error.description + "\n")
      throw ExitCode(1)
    }
  }

  private func restore() throws(StartError) {
    guard case .snapshot(let content, let bytes) = try StateReport.open(snapshot) else {
      throw StartError("\(snapshot) is a journal, which is no state by itself. Name a snapshot.")
    }
    let store = try open()
    let replacement: SnapshotStore.Replacement
    do throws(FileError) {
      replacement = try store.replace(with: bytes, at: SystemClock().now().wall)
    } catch {
      store.markUntouched()
      throw StartError(
        "\(error). Nothing was deleted: `tallygate snapshot inspect \(stateDirectory)` shows what is there.")
    }
    store.markClean()
    tell(content, replacement)
  }

  private func open() throws(StartError) -> SnapshotStore {
    do throws(StateDirectoryError) {
      return try SnapshotStore(directory: stateDirectory)
    } catch .inUse(let directory, let process) {
      let who = process.map { " (process \($0))" } ?? ""
      throw StartError("\(directory) is in use by a running sidecar\(who). Stop it first; nothing was changed.")
    } catch {
      throw StartError("--state.dir: \(error)")
    }
  }

  private func tell(_ content: SnapshotContent, _ replacement: SnapshotStore.Replacement) {
    if let aside = replacement.setAside {
      print("Set aside in \(aside): \(replacement.moved.joined(separator: ", ")).")
    }
    print(
      "Restored to \(stateDirectory): the state of \(content.moment.wall.rfc3339), \(content.series.count) series and "
        + "\(content.accounts.count) accounts. The next start uses it.")
    if content.header.isRedacted {
      print("The snapshot was made for readers: reservations, pools and ids of usage are not in it.")
    }
  }
}
