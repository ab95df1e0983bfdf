import BudgetCore

/// One record's payload: the moment, what kind it is, and the act or what the usage log noted.
enum JournalRecord {
  case act(LedgerAct)
  /// What `UsageLog` noted of lines that were counted together. The bytes belong to the reader and last until its next
  /// record.
  case usage(UnsafeRawBufferPointer)

  enum Kind: UInt8 {
    case usage = 0
    case record = 2
    case reserve
    case settle
    case release
    case topUp
    case override
    case removeOverride
    case reset
    case allocate
    case use
    case releaseAllocation
    case topUpPool
    case stop
    case resume
    case show
    case declareJob
  }

  static func append(_ act: LedgerAct, at now: Moment, to writer: inout ByteWriter) {
    writer.append(now)
    writer.append(act)
  }

  static func append(usage: UnsafeRawBufferPointer, at now: Moment, to writer: inout ByteWriter) {
    writer.append(now)
    writer.append(kind: .usage)
    writer.append(usage)
  }

  static func read(_ payload: UnsafeRawBufferPointer, _ memory: inout ActMemory) throws(SnapshotError)
    -> (at: Moment, JournalRecord)
  {
    var reader = ByteReader(payload)
    let now = Moment(
      wall: Instant(nanoseconds: try reader.fixed()), steady: Instant(nanoseconds: try reader.fixed()))
    guard let kind = Kind(rawValue: try reader.byte()) else { throw .inconsistent("a record is of no known kind") }
    switch kind {
    case .usage: return (now, .usage(try reader.take(reader.left)))
    default:
      let act = try reader.act(kind, &memory)
      guard reader.isAtEnd else { throw .inconsistent("a record is longer than its act") }
      guard act.isWithinBounds else { throw .inconsistent("the amounts of a record are out of bounds") }
      return (now, .act(act))
    }
  }
}

extension ByteWriter {
  fileprivate mutating func append(_ now: Moment) {
    append(fixed: now.wall.nanoseconds)
    append(fixed: now.steady.nanoseconds)
  }

  fileprivate mutating func append(kind: JournalRecord.Kind) { append(byte: kind.rawValue) }

  fileprivate mutating func append(_ act: LedgerAct) {
    switch act {
    case .record(let spend, let tags, let id, let duration):
      append(kind: .record)
      append(spend)
      append(tags)
      append(optional: id) { $0.append($1) }
      append(optional: duration) { $0.append(signed: $1) }
    case .reserve(let tags, let spend, let granted):
      append(kind: .reserve)
      append(tags)
      append(spend)
      append(optional: granted) { writer, granted in
        writer.append(granted.id)
        writer.append(byte: granted.outputSource.rawValue)
        writer.append(signed: granted.deadline.nanoseconds)
      }
    case .settle(let id, let actual):
      append(kind: .settle)
      append(id)
      append(optional: actual) { $0.append($1) }
    case .release(let id):
      append(kind: .release)
      append(id)
    case .topUp(let target, let amount, let until):
      append(kind: .topUp)
      append(target)
      append(quantity: amount)
      append(until)
    case .override(let target, let limit, let until):
      append(kind: .override)
      append(target)
      append(optional: limit) { $0.append(quantity: $1) }
      append(until)
    case .removeOverride(let target):
      append(kind: .removeOverride)
      append(target)
    case .reset(let target):
      append(kind: .reset)
      append(target)
    case .allocate(let request, let secret):
      append(kind: .allocate)
      append(request)
      append(fixed: secret)
    case .use(let id, let usage):
      append(kind: .use)
      append(id)
      append(quantity: usage.lookup)
      append(quantity: usage.reasoning)
      append(quantity: usage.untyped)
    case .releaseAllocation(let id):
      append(kind: .releaseAllocation)
      append(id)
    case .topUpPool(let pool, let tokens, let allocation):
      append(kind: .topUpPool)
      append(pool)
      append(quantity: tokens)
      append(optional: allocation) { $0.append(varint: $1) }
    case .stop(let subject, let reason):
      append(kind: .stop)
      append([subject])
      append(reason)
    case .resume(let subject):
      append(kind: .resume)
      append([subject])
    case .show: append(kind: .show)
    case .declareJob(let name, let items):
      append(kind: .declareJob)
      append(name)
      append(signed: items)
    }
  }

  private mutating func append<Value>(optional value: Value?, _ write: (inout ByteWriter, Value) -> Void) {
    append(byte: value == nil ? 0 : 1)
    if let value { write(&self, value) }
  }

  private mutating func append(_ until: Instant?) { append(optional: until) { $0.append(signed: $1.nanoseconds) } }

  private mutating func append(_ id: ReservationID) {
    append(fixed: id.slot)
    append(fixed: id.serial)
    append(fixed: id.secret)
  }

  private mutating func append(_ id: AllocationID) {
    append(varint: id.number)
    append(fixed: id.secret)
  }

  private mutating func append(_ target: LedgerAct.BudgetTarget) {
    append(target.budget)
    append(optional: target.unit) { $0.append(byte: $1.rawValue) }
    append(target.tags)
  }

  private mutating func append(_ request: AllocationRequest) {
    append(request.pool)
    append(request.agent)
    append(request.task)
    append(byte: request.priority.rawValue)
    append(optional: request.cap) { $0.append(quantity: $1) }
    append(optional: request.ttl) { $0.append(signed: $1.nanoseconds) }
  }
}
