import BudgetCore

// The acts of records, read back.
extension ByteReader {
  mutating func act(_ kind: JournalRecord.Kind, _ memory: inout ActMemory) throws(SnapshotError) -> LedgerAct {
    switch kind {
    case .usage: throw .inconsistent("usage is no act")
    case .record:
      let spend = try spend(&memory)
      let tags = try tagSet(&memory)
      let id = try isThere() ? try text() : nil
      return .record(spend, tags: tags, id: id, duration: try isThere() ? try signed() : nil)
    case .reserve:
      let tags = try tagSet(&memory)
      let spend = try spend(&memory)
      return .reserve(tags: tags, spend: spend, granted: try isThere() ? try granted() : nil)
    case .settle:
      let id = try reservation()
      return .settle(id, actual: try isThere() ? try spend(&memory) : nil)
    case .release: return .release(try reservation())
    case .topUp:
      let target = try target()
      let amount = try quantity()
      return .topUp(target, amount: amount, until: try until())
    case .override:
      let target = try target()
      let limit = try isThere() ? try quantity() : nil
      return .override(target, limit: limit, until: try until())
    case .removeOverride: return .removeOverride(try target())
    case .reset: return .reset(try target())
    case .allocate:
      let request = try allocationRequest()
      return .allocate(request, secret: try fixed())
    case .use:
      let id = try allocation()
      let usage = AllocationUsage(lookup: try quantity(), reasoning: try quantity(), untyped: try quantity())
      return .use(id, usage)
    case .releaseAllocation: return .releaseAllocation(try allocation())
    case .topUpPool:
      let pool = try text()
      let tokens = try quantity()
      return .topUpPool(pool, tokens: tokens, allocation: try isThere() ? try varint() : nil)
    case .stop:
      let subject = try subject()
      return .stop(subject, reason: try text())
    case .resume: return .resume(try subject())
    case .show: return .show
    case .declareJob:
      let name = try text()
      return .declareJob(name, items: try signed())
    }
  }

  private mutating func isThere() throws(SnapshotError) -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    default: throw .inconsistent("a value is neither there nor missing")
    }
  }

  private mutating func until() throws(SnapshotError) -> Instant? {
    try isThere() ? Instant(nanoseconds: try signed()) : nil
  }

  private mutating func reservation() throws(SnapshotError) -> ReservationID {
    ReservationID(slot: try fixed(), serial: try fixed(), secret: try fixed())
  }

  private mutating func allocation() throws(SnapshotError) -> AllocationID {
    AllocationID(number: try varint(), secret: try fixed())
  }

  private mutating func granted() throws(SnapshotError) -> LedgerAct.Granted {
    let id = try reservation()
    guard let source = OutputSource(rawValue: try byte()) else {
      throw .inconsistent("an output is of no known source")
    }
    return LedgerAct.Granted(id: id, outputSource: source, deadline: Instant(nanoseconds: try signed()))
  }

  private mutating func target() throws(SnapshotError) -> LedgerAct.BudgetTarget {
    let budget = try text()
    let unit = try isThere() ? try unit() : nil
    return LedgerAct.BudgetTarget(budget: budget, unit: unit, tags: try tags())
  }

  private mutating func allocationRequest() throws(SnapshotError) -> AllocationRequest {
    let (pool, agent, task) = (try text(), try text(), try text())
    guard let priority = Priority(rawValue: try byte()) else { throw .inconsistent("a priority is unknown") }
    let cap = try isThere() ? try quantity() : nil
    let ttl = try isThere() ? Interval(nanoseconds: try signed()) : nil
    return AllocationRequest(pool: pool, agent: agent, task: task, priority: priority, cap: cap, ttl: ttl)
  }

  private mutating func subject() throws(SnapshotError) -> Tag {
    let tags = try tags()
    guard tags.count == 1 else { throw .inconsistent("a subject is not one tag") }
    return tags[0]
  }
}
