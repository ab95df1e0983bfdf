import BudgetCore
import UsageProtocol

/// Lines on their way into a ledger, as a receiver takes them there.
struct Pipeline: ~Copyable {
  var ledger: Ledger
  var batch = EventBatch(capacity: 16)
  var tally = LineTally()
  /// What should never happen, in words.
  var faults: [String] = []

  init(_ ledger: consuming Ledger) { self.ledger = ledger }

  /// Parses and applies, `limit` events at a time.
  mutating func count(_ bytes: [UInt8], now: Moment = SmallLedger.start, limit: Int = .max) {
    let parser = LineParser(seed: ledger.seed, acceptsObjects: false)
    bytes.withUnsafeBytes { buffer in
      var position = 0
      while position < buffer.count {
        let next = parser.parse(buffer, from: position, into: &batch, limit: limit)
        if next <= position { return faults.append("parsing stood still") }
        position = next
        checkEvents(in: buffer)
        ledger.apply(batch.events, now: now)
        batch.removeAll()
      }
    }
    tally.add(batch.takeTally())
  }

  mutating func count(_ text: String, now: Moment = SmallLedger.start) { count(Array(text.utf8), now: now) }

  private mutating func checkEvents(in buffer: UnsafeRawBufferPointer) {
    for event in batch.events {
      let end = event.tags + Int(event.tagsLength)
      let isInside =
        event.tagsLength == 0 || (event.tags >= buffer.baseAddress! && end <= buffer.baseAddress! + buffer.count)
      let isBounded = event.amount >= 0 && event.weight >= 1 && event.weight <= 1e9
      if !isInside || !isBounded { faults.append("\(event)") }
    }
  }

  /// Everything that lines lead to: counted beside a hold, read, kept house for, in windows that turn.
  mutating func exercise(_ bytes: [UInt8], limit: Int, pauses: [Interval] = [.zero, .seconds(90), .hours(30)]) {
    let tags = TagSet([Tag(key: TagName.agent, value: "a"), Tag(key: "session", value: "s")])
    let spend = Spend(tokens: [TokenAmount(kind: .output, count: 10)], requests: 1)
    _ = ledger.reserve(SpendRequest(tags: tags, spend: spend), ttl: .minutes(2), secret: 1, now: SmallLedger.start)
    for pause in pauses {
      let instant = SmallLedger.start.wall + pause
      let now = Moment(instant)
      count(bytes, now: now, limit: limit)
      ledger.maintain(now: now)
      for account in ledger.view(now: now).accounts where account.account.used < 0 || account.account.reserved < 0 {
        faults.append("an account below zero at \(instant.seconds)")
      }
      _ = ledger.accountStatuses(now: now)
      _ = ledger.usage(by: "agent", in: .hour, top: 5, now: now)
      _ = ledger.check(SpendRequest(tags: tags, spend: spend), now: now)
      _ = ledger.takeEvents()
    }
  }
}
