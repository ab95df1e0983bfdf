import ArgumentParser

/// `simulate lives`: runs the budget core through random lives, each from a seed, and checks its promises after
/// every step.
struct LivesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lives",
    abstract: "Run the budget core through random lives and check its promises after every step.",
    discussion: """
      Each seed is one life: a few budgets, callers that reserve, settle, release and forget, restarts from a \
      snapshot, clocks that step. The same seed is the same life, to the last number. Prints what broke and the \
      seed that shows it, and exits with 1.

      Examples:
        simulate lives --seeds 0..9999
        simulate lives --seeds 4711..4711 --verbose
      """)

  @Option(help: "The seeds to run, as first..last.")
  var seeds = "0..9999"

  @Option(help: "Steps of each life.")
  var steps = 120

  @Flag(help: "Print every step.")
  var verbose = false

  func run() throws {
    let bounds = seeds.split(separator: ".", omittingEmptySubsequences: true).compactMap { UInt64($0) }
    guard bounds.count == 2, bounds[0] <= bounds[1] else {
      throw ValidationError("--seeds must be first..last, for example 0..9999; got \"\(seeds)\".")
    }
    let total = bounds[1] - bounds[0] + 1
    var broken: [UInt64] = []
    var tally = LifeTally()
    for (index, seed) in (bounds[0]...bounds[1]).enumerated() {
      let life = Life(seed: seed, verbose: verbose)
      let problems = life.run(steps: steps)
      tally.add(life.tally)
      if !problems.isEmpty {
        broken.append(seed)
        print("seed \(seed) broke:")
        for problem in problems.prefix(5) { print("  \(problem)") }
        if broken.count >= 10 { break }
      }
      if total >= 20_000, index % (Int(total) / 20) == 0, index > 0 { print("\(index) of \(total) lives") }
    }
    print("\(total) lives of \(steps) steps: \(tally.description)")
    print("\(total - UInt64(broken.count)) passed, \(broken.count) failed")
    guard broken.isEmpty else { throw ExitCode(1) }
  }
}
