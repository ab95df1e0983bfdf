import ArgumentParser
import JSONText

/// `corebench`: what the budget core costs by itself, without lock, sockets and HTTP.
@main
struct CoreBench: ParsableCommand {
  enum Output: String, CaseIterable, ExpressibleByArgument { case text, json }
  enum Part: String, CaseIterable, ExpressibleByArgument { case decisions, lines, page, forecasts, memory }

  static let configuration = CommandConfiguration(
    commandName: "corebench",
    abstract: "Measure the budget core and what stands next to it: decisions, lines, pages, forecasts, memory.",
    discussion: """
      50 agents, 200 users and 4 models call in 40,000 combinations, the n-th of them with a weight of 1/n. Three \
      budgets match each call (a calendar day for each agent, a rolling day for each user, a month in dollars for \
      all), of one request and two kinds of tokens. 1,000 reservations are open at any time: each step makes one \
      and settles the one made 1,000 steps before. The windowed counters of agent, user and model and the learning \
      of outputs are on.

      Rates are of CPU time on one thread, the median over rounds; others on the same machine still take caches \
      and memory from it, which the fastest round shows least. Requests are made just before the clock starts, \
      128 at a time, as the HTTP server makes them from a body; what making one costs is a figure of its own. The time of a single \
      pair is read from the monotonic clock before and after it, so it includes interruptions by others and one \
      reading of that clock, which is a figure too.
      """)

  @Option(help: "Rounds of each measure.")
  var rounds = 9

  @Option(help: "Steps of each round.")
  var steps = 400_000

  @Option(help: "Accounts and series to measure the memory of.")
  var population = 100_000

  @Option(help: "Measure this part alone; may be given again.")
  var only: [Part] = []

  @Option(help: "How to print: text or json.")
  var output = Output.text

  func validate() throws {
    guard (1...1000).contains(rounds) else { throw ValidationError("--rounds must be 1 to 1000; got \(rounds).") }
    guard (10_000...100_000_000).contains(steps) else {
      throw ValidationError("--steps must be 10000 to 100000000; got \(steps).")
    }
    guard (1000...10_000_000).contains(population) else {
      throw ValidationError("--population must be 1000 to 10000000; got \(population).")
    }
  }

  func run() throws {
    var report = Report(format: output)
    let workload = Workload(steps: steps)
    let tables = TableBench(workload: workload)
    if has(.decisions) {
      var decisions = DecisionBench(workload: workload)
      decisions.run(rounds: rounds, into: &report)
      report.add("request made", RequestBench(workload: workload).costs(rounds: rounds))
    }
    if has(.lines) {
      report.add("parse", ParseBench(workload: workload).costs(rounds: rounds))
      report.add("look-up", tables.lookups(rounds: rounds))
      report.add("window add", tables.additions(rounds: rounds))
      report.add("lines", LineBench(workload: workload).rates(rounds: rounds))
      report.add("journal", try JournalBench(workload: workload).costs(rounds: rounds))
    }
    if has(.page) { report.add("page", PageBench(workload: workload).costs(rounds: rounds)) }
    if has(.forecasts) { report.add("forecasts", ForecastBench().costs(rounds: rounds)) }
    if has(.memory) { report.add("memory", MemoryBench(population: population).bytes()) }
    report.finish()
  }

  private func has(_ part: Part) -> Bool { only.isEmpty || only.contains(part) }
}
