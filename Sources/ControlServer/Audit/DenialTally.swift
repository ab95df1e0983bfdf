package import BudgetCore
package import JSONText
import NIOConcurrencyHelpers

/// How often what was denied since the last summary: a line for each denial would let anybody fill the disk.
package final class DenialTally: Sendable {
  /// Different accounts, subjects and callers of one summary; more are counted together.
  package static let mostKeys = 100

  private enum Key: Hashable {
    case account(budget: String, unit: BudgetUnit, tags: [Tag])
    case subject(Tag)
    case pool(String)
    /// A credential that does not suffice, or none.
    case refused(Role, from: String)
  }

  private struct State {
    var counts: [Key: Int64] = [:]
    var others: Int64 = 0
    var since: Instant?
  }

  private let state = NIOLockedValueBox(State())

  package init() {}

  /// Counts a denial for the budget that is the tightest, or for the subject that is stopped.
  func note(_ decision: Decision, at time: Instant) {
    guard decision.verdict == .deny else { return }
    if let stop = decision.stop {
      note(.subject(stop.subject), at: time)
    } else if let account = decision.breaches.first?.account {
      note(.account(budget: account.budgetName, unit: account.unit, tags: account.tags), at: time)
    }
  }

  func note(pool: String, at time: Instant) { note(.pool(pool), at: time) }

  package func note(refused role: Role, from caller: String, at time: Instant) {
    note(.refused(role, from: caller), at: time)
  }

  private func note(_ key: Key, at time: Instant) {
    state.withLockedValue { state in
      state.since = state.since ?? time
      if state.counts[key] != nil || state.counts.count < Self.mostKeys {
        state.counts[key, default: 0] += 1
      } else {
        state.others += 1
      }
    }
  }

  /// What was denied since the last call, most often first, as members of a record; `nil` when nothing was.
  package func take() -> JSONObject? {
    let taken = state.withLockedValue { state in
      defer { state = State() }
      return state
    }
    guard let since = taken.since else { return nil }
    var members = JSONObject()
    members.insert("since", .string(since.rfc3339))
    let rows = taken.counts.map { (count: $0.value, row: Self.row($0.key, count: $0.value)) }
    members.insert("denied", .array(rows.sorted { $0.count > $1.count }.map { .object($0.row) }))
    if taken.others > 0 { members.insert("others", .number(JSONNumber(taken.others))) }
    return members
  }

  private static func row(_ key: Key, count: Int64) -> JSONObject {
    var row = JSONObject()
    switch key {
    case .account(let budget, let unit, let tags):
      row.insert("budget", .string(budget))
      row.insert("unit", .string(unit.name))
      row.insert("tags", .object(object(tags)))
    case .subject(let subject): row.insert("subject", .object(object([subject])))
    case .pool(let name): row.insert("pool", .string(name))
    case .refused(let role, let caller):
      row.insert("role", .string(role.name))
      row.insert("from", .string(caller))
    }
    row.insert("count", .number(JSONNumber(count)))
    return row
  }

  private static func object(_ tags: [Tag]) -> JSONObject {
    var object = JSONObject()
    for tag in tags { object.insert(tag.key, .string(tag.value)) }
    return object
  }
}
