import BudgetCore

@testable import Snapshots

/// One of each kind of act, with everything in it that can be there and everything missing that can be.
enum SampleActs {
  static let id = ReservationID(slot: 7, serial: 9, secret: 0xDEAD_BEEF_0102_0304)
  static let tags = TagSet([Tag(key: "agent", value: "a"), Tag(key: "team", value: "Größe\n")])

  static var spend: Spend {
    var spend = Spend(
      tokens: [TokenAmount(kind: .input, count: 800), TokenAmount(kind: .other("tool"), count: .max)],
      cost: 1 << 99, requests: 3)
    spend.items = 4
    return spend
  }

  static let all: [LedgerAct] = [
    .record(spend, tags: tags, id: "once", duration: 12_345), .record(Spend(), tags: .empty, id: nil, duration: nil),
    .reserve(
      tags: tags, spend: spend, granted: LedgerAct.Granted(id: id, outputSource: .learned, deadline: noon)),
    .reserve(tags: .empty, spend: Spend(), granted: nil),
    .settle(id, actual: spend), .settle(id, actual: nil), .release(id),
    .topUp(target, amount: 500, until: noon), .topUp(whole, amount: 1, until: nil),
    .override(target, limit: nil, until: noon), .override(whole, limit: 0, until: nil), .removeOverride(target),
    .reset(whole),
    .allocate(
      AllocationRequest(pool: "p", agent: "a", task: "t", priority: .critical, cap: 10, ttl: .hours(1)), secret: 3),
    .allocate(AllocationRequest(pool: "p", agent: "a"), secret: 4),
    .use(AllocationID(number: 1 << 40, secret: 8), AllocationUsage(lookup: 1, reasoning: 2, untyped: 3)),
    .releaseAllocation(AllocationID(number: 2, secret: 8)), .topUpPool("p", tokens: 9, allocation: 4),
    .topUpPool("p", tokens: 9, allocation: nil), .stop(Tag(key: "agent", value: "a"), reason: "loops"),
    .resume(Tag(key: "agent", value: "a")), .show, .declareJob("index", items: 100_000),
  ]

  private static let target = LedgerAct.BudgetTarget(
    budget: "b", unit: .cost, tags: [Tag(key: "agent", value: "a")])
  private static let whole = LedgerAct.BudgetTarget(budget: "b", unit: nil, tags: [])
}

/// What a replay hands over, in a form that can be compared.
enum Replayed: Equatable {
  case act(LedgerAct, Moment)
  case usage([SampleUsage], Moment)
}

/// An event that owns its tags.
struct SampleUsage: Equatable {
  var kind = UsageEvent.Kind.tokens
  var amount: Int64
  var tags = "agent:a"

  init(_ amount: Int64, kind: UsageEvent.Kind = .tokens, tags: String = "agent:a") {
    (self.kind, self.amount, self.tags) = (kind, amount, tags)
  }

  fileprivate init(_ event: UsageEvent) {
    let bytes = UnsafeRawBufferPointer(start: event.tags, count: Int(event.tagsLength))
    self.init(event.amount, kind: event.kind, tags: String(decoding: bytes, as: UTF8.self))
  }
}

/// A ledger that applies usage, for what its log notes of it.
final class UsageNotes {
  private var ledger = Ledger(settings: LedgerSettings(), seed: 1)

  init() { ledger.log.isOn = true }

  func note(_ usage: [SampleUsage]) -> [UInt8] {
    let texts = usage.map { Array($0.tags.utf8) }
    let all = texts.flatMap { $0 }
    return all.withUnsafeBytes { bytes in
      var place = 0
      let events = zip(usage, texts).map { usage, text in
        let start = bytes.baseAddress! + place
        place += text.count
        return UsageEvent(
          kind: usage.kind, amount: usage.amount, tags: start, tagsLength: text.count,
          hash: ByteHash.hash(start, count: text.count, seed: 1))
      }
      events.withUnsafeBufferPointer { ledger.apply($0, now: .after(.zero)) }
      return Array(ledger.log.take())
    }
  }

  func startAnew() { ledger.log.startAnew() }
}

/// A journal in a directory of its own, written without threads.
struct JournalScene {
  let directory = TemporaryDirectory()
  let journal: Journal
  let notes = UsageNotes()

  init(files: any FileSystem = LinuxFileSystem(), policy: Journal.SyncPolicy = .always, sequence: UInt64 = 0) {
    journal = Journal(directory: directory.path, fileSystem: files, policy: policy, sequence: sequence)
  }

  func append(usage: SampleUsage..., at now: Moment = .after(.zero)) {
    _ = notes.note(usage).withUnsafeBytes { journal.append(usage: $0, at: now) }
  }

  func replay(after sequence: UInt64 = 0) -> (replay: JournalDirectory.Replay, content: [Replayed]) {
    Self.replay(directory.path, after: sequence)
  }

  static func replay(_ directory: String, after sequence: UInt64 = 0) -> (JournalDirectory.Replay, [Replayed]) {
    var content: [Replayed] = []
    let replay = JournalDirectory(directory: directory).replay(after: sequence, seed: 1) { record, now in
      switch record {
      case .act(let act): content.append(.act(act, now))
      case .usage(let lines): content.append(.usage(lines.events.map { SampleUsage($0) }, now))
      }
    }
    return (replay, content)
  }
}
