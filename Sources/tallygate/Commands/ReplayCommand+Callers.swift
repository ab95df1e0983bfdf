import Backtest
import BudgetCore
import JSONText

// What acting on forecasts saves callers who ask.
extension ReplayCommand {
  /// Tries a trace with the limits alone and, where a budget has `on_forecast`, with that.
  func tryCallers(_ path: String, settings: LedgerSettings, to json: inout JSONWriter) throws(StartError) {
    let trace = try read(path)
    var alone = settings
    for index in alone.budgets.indices { alone.budgets[index].onForecast = nil }
    var trials = [("limits alone", alone)]
    if settings.budgets.contains(where: { $0.onForecast != nil }) { trials.append(("with on_forecast", settings)) }
    for (name, settings) in trials {
      let trial = CallerTrial(trace, settings: settings) {
        StandardError.write("\(path), \(name): \(Int($0 * 100)) %\n")
      }
      switch output {
      case .text: StandardOutput.write(CallerTrialTable.text("\(path), \(name)", trial))
      case .json: CallerTrialTable.append(path, name, trial, to: &json)
      }
    }
  }
}
