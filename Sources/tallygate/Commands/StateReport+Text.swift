import BudgetCore
import Snapshots

// The report for people.
extension StateReport {
  var text: String {
    var lines: [String] = []
    for file in files {
      lines.append("\(file.name): \(headline(file))")
      lines += details(file).map { "  \($0)" }
    }
    if isDirectory { lines += conclusion }
    lines += notes.map { "note: \($0)" }
    // A reason or a name may hold anything, also what a terminal would obey.
    return lines.map { line in
      String(line.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : Character($0) }) + "\n"
    }.joined()
  }

  private func headline(_ file: File) -> String {
    switch file.result {
    case .failure(let error): "cannot be used: \(error.problem.text)"
    case .success(.snapshot(let content, let bytes)):
      "snapshot, format version \(SnapshotHeader.version), \(bytes.count) bytes "
        + "(\(content.header.contentLength) uncompressed)\(content.header.isRedacted ? ", made for readers" : "")"
    case .success(.journal(let journal)): "journal, \(journal.records) records"
    }
  }

  private func details(_ file: File) -> [String] {
    switch file.result {
    case .failure: []
    case .success(.snapshot(let content, _)):
      ["taken \(content.moment.wall.rfc3339), up to act \(content.sequence)"]
        + content.counts.filter { $0.count > 0 }.map { "\($0.count) \($0.name.replacing("_", with: " "))" }
    case .success(.journal(let journal)): details(journal)
    }
  }

  private func details(_ journal: JournalInspection) -> [String] {
    var lines: [String] = []
    if let first = journal.first, let last = journal.last, let began = journal.began, let ended = journal.ended {
      lines.append("acts \(first) to \(last), from \(began.rfc3339) to \(ended.rfc3339)")
    }
    lines += journal.kinds.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.replacing("_", with: " "))" }
    lines.append("its end: \(journal.end.text)")
    return lines
  }

  private var conclusion: [String] {
    let (acts, missing) = replay
    var line = "A start would use \(used?.name ?? "no snapshot") and do \(acts) acts again"
    if missing > 0 { line += "; \(missing) acts are in no journal" }
    return [line + "."]
  }
}

extension SnapshotContent {
  /// How much of everything is in it; names as they stand in JSON.
  var counts: [(name: String, count: Int)] {
    [
      ("series", series.count), ("accounts", accounts.count), ("changed_limits", limits.count),
      ("stopped_subjects", stoppedSubjects.count), ("open_reservations", reservations[.held] ?? 0),
      ("closed_reservations", reservations.values.reduce(0, +) - (reservations[.held] ?? 0)),
      ("remembered_ids", rememberedIDs), ("pools", pools.count),
      ("open_allocations", pools.reduce(0) { $0 + $1.open.count }), ("usage_values", usage.count),
      ("budgets", savedTallies.count), ("unpriced_models", unpricedModels.count), ("learned_outputs", estimates),
      ("activities", activities), ("cost_models", costModels), ("forecasts", forecasts),
    ]
  }
}

extension JournalInspection.End {
  var text: String {
    switch self {
    case .complete: "complete"
    case .torn(let at): "torn at byte \(at)"
    case .damaged(let at, let error): "damaged at byte \(at): \(error)"
    }
  }
}

extension StateNotice.Problem {
  var text: String {
    switch self {
    case .content(let error): "\(error)"
    case .file(let error): "\(error)"
    }
  }
}
