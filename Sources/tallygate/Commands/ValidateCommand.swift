import ArgumentParser
import BudgetCore
import Configuration
import JSONText

/// `tallygate validate FILE`: reads a configuration as `run` would, and says everything that is wrong with it.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a configuration file, without running anything.",
    discussion: """
      Reads the file and the price file that it names. Prints every mistake with its line, its key and what would \
      be right. Exits with 0 when there is none, else with 1.

      Example:
        tallygate validate config/tallygate.yaml
      """)

  @Argument(help: "The configuration file.")
  var file: String

  @Option(help: "How to print the result: text or json.")
  var output = OutputFormat.text

  func run() async throws {
    do throws(StartError) {
      let loaded = try LoadedConfiguration(file: file, pricesFile: nil)
      printResult(loaded)
    } catch {
      printMistakes(error)
      throw ExitCode(1)
    }
  }

  private func printResult(_ loaded: LoadedConfiguration) {
    let settings = loaded.configuration.ledger
    switch output {
    case .text:
      for warning in loaded.warnings { StandardError.write("warning: \(warning)\n") }
      print("\(file): valid. \(settings.budgets.count) budgets, \(settings.prices.models.count) prices.")
    case .json:
      var json = JSONWriter()
      json.beginObject()
      json.key("valid")
      json.bool(true)
      json.key("budgets")
      json.int(settings.budgets.count)
      json.key("prices")
      json.int(settings.prices.models.count)
      json.key("warnings")
      json.beginArray()
      for warning in loaded.warnings { json.string(warning) }
      json.endArray()
      json.endObject()
      json.printLine()
    }
  }

  private func printMistakes(_ error: StartError) {
    switch output {
    case .text:
      StandardError.write(error.description + "\n")
    case .json:
      var json = JSONWriter()
      json.beginObject()
      json.key("valid")
      json.bool(false)
      json.key("errors")
      json.beginArray()
      for line in error.lines { json.string(line) }
      json.endArray()
      json.endObject()
      json.printLine()
    }
  }
}
