import BudgetCore
import NaiveLedger
import Snapshots

// What happens to the process in a life: it restarts, crashes, and gets a new configuration.
extension Life {
  /// An orderly restart: the state is written at the end and read at the start.
  func restart() -> String {
    tally.restarts += 1
    guard let file = written() else { return "restart" }
    restore(file)
    return "restart"
  }

  /// Writes a snapshot, to be found after a crash.
  func save() -> String {
    if let file = written() { saved = (file, known) }
    return "save"
  }

  /// Back to the last snapshot: what came after it is lost, since snapshots alone are on disk here. What was reserved
  /// since is unknown; what was settled since is held again, until its deadline.
  func crash() -> String {
    guard let saved else { return advance() }
    tally.crashes += 1
    let before = Set(saved.known.open.map(\.id) + saved.known.ended.map(\.id))
    let lost = known.open.map(\.id).filter { !before.contains($0) }
    known = saved.known
    let shift = restore(saved.file)
    for index in known.open.indices { known.open[index].deadline = known.open[index].deadline + shift }
    expire()
    for id in lost {
      if case .unknown = ledger.settle(id, actual: nil, now: now) { continue }
      problems.append("a reservation that the crash forgot is taken for another")
    }
    // The shift is in the ledger now, not in the file.
    _ = save()
    return "crash"
  }

  /// A new configuration: the state goes from the old ledger into one with the new settings.
  func reload() -> String {
    tally.reloads += 1
    limitsAreSteady = false
    guard let file = written() else { return "reload" }
    world.change(using: &random)
    restore(file)
    // A snapshot of before is read under the configuration of now, as after a restart with a changed file.
    return "reload: \(world.settings.budgets.map(\.name))"
  }

  private func written() -> [UInt8]? {
    do {
      return try SnapshotFile.encode(ledger.capture(now: now))
    } catch {
      problems.append("the state cannot be written: \(error)")
      return nil
    }
  }

  /// How much later deadlines are than before, because the clocks disagree about how long nobody ran.
  @discardableResult
  private func restore(_ file: [UInt8]) -> Interval {
    do throws(SnapshotError) {
      let restored = try SnapshotFile.restore(file, settings: world.settings, seed: random.next(), now: now)
      var shift = Interval.zero
      for case .clockWasSet(let length) in restored.report.warnings.keys { shift = length }
      ledger = restored.take()
      return shift
    } catch {
      problems.append("the snapshot was refused: \(error)")
      return .zero
    }
  }
}
