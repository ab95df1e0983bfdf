import BudgetCore
import CHeap

/// Heap bytes of what the ledger keeps for each user: the difference of two ledgers that saw the same lines, one of
/// which keeps an account, a series or nothing of each. What tables hold in reserve is part of it.
struct MemoryBench {
  let population: Int

  func bytes() -> [Figure] {
    let plain = heap(budget: nil, labels: [])
    func each(_ bytes: Int) -> Double { Double(bytes) / Double(population) }
    return [
      Figure("bytes_per_spelling", each(plain)),
      Figure("bytes_per_series", each(heap(budget: nil, labels: ["user"]) - plain)),
      Figure(
        "bytes_per_account_calendar", each(heap(budget: .calendar(CalendarRule(period: .day)), labels: []) - plain)),
      Figure("bytes_per_account_rolling", each(heap(budget: .rolling(.hours(24)), labels: []) - plain)),
    ]
  }

  private func heap(budget window: WindowRule?, labels: [String]) -> Int {
    var settings = LedgerSettings()
    settings.labels = labels
    settings.scopes = []
    settings.bounds.maxSeries = population + 1
    settings.bounds.maxAccounts = population + 1
    if let window {
      settings.budgets = [Budget(name: "user", per: ["user"], unit: .tokens, limit: 1_000_000, window: window)]
    }
    let before = Self.heapInUse
    var ledger = Ledger(settings: settings, seed: Workload.seed)
    for number in 0..<population {
      let tags = Array("user:user-\(number)".utf8)
      tags.withUnsafeBytes { tags in
        let event = UsageEvent(
          kind: .tokens, amount: 1, tags: tags.baseAddress!, tagsLength: tags.count,
          hash: ByteHash.hash(tags.baseAddress!, count: tags.count, seed: Workload.seed))
        ledger.apply(event, now: Moment(Workload.start))
      }
    }
    let grown = Self.heapInUse - before
    precondition(ledger.accountCount == (window == nil ? 0 : population), "not every user has an account")
    return grown
  }

  private static var heapInUse: Int { Int(cheap_bytes_in_use()) }
}
