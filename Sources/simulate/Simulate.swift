import ArgumentParser

@main
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Put the budget core through what no list of examples covers.",
    subcommands: [LivesCommand.self, HistoriesCommand.self, SumsCommand.self, WindowsCommand.self],
    defaultSubcommand: LivesCommand.self)
}
