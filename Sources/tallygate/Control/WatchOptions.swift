import ArgumentParser
import BudgetCore

/// How often a view that goes on looks again.
struct WatchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How often to look again.", valueName: "duration"))
  var interval = "2s"

  func pause() throws(StartError) -> Interval {
    guard let pause = DurationText.parse(interval), pause >= .milliseconds(100), pause <= .hours(1) else {
      throw StartError("--interval: must be a duration from 100ms to 1h, got \"\(interval)\". Write for example 2s.")
    }
    return pause
  }
}
