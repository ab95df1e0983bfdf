import ArgumentParser

/// `tallygate snapshot`: the state on disk, for people.
struct SnapshotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Look at, check, export and restore the state on disk.",
    discussion: """
      A state directory (--state.dir) holds two snapshots, the newest and the one before, and journals of what \
      happened since the older one. A start takes the newest good snapshot and does the journals' acts again.

      Only `restore` writes, and only where no sidecar runs; the others may look at the state of a running one.

      Examples:
        tallygate snapshot inspect /var/lib/tallygate
        tallygate snapshot verify /var/lib/tallygate && echo good
        tallygate snapshot export --config tallygate.yaml /var/lib/tallygate > state.json
        tallygate snapshot restore backup.snapshot --state.dir /var/lib/tallygate
      """,
    subcommands: [
      SnapshotInspectCommand.self, SnapshotVerifyCommand.self, SnapshotExportCommand.self, SnapshotRestoreCommand.self,
    ])
}
