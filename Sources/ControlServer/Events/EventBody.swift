import BudgetCore
import JSONText

/// Events in the form of server-sent events (WHATWG HTML, section 9.2): lines, and an empty one behind each event.
enum EventBody {
  /// An event with its lines: `event: warn` and `data: {…}`. JSON text has no line breaks of its own.
  static func entry(of event: LedgerEvent) -> EventRing.Entry {
    var json = JSONWriter(reserving: 256)
    switch event {
    case .budget(let event):
      json.event(event)
      return entry(event.name, budget: event.budget, of: .account(event.tags), data: json.bytes)
    case .subject(let event):
      json.event(event)
      return entry(event.kind.rawValue, of: .subject(event.subject), data: json.bytes)
    case .activity(let event):
      json.event(event)
      return entry(event.name, of: .subject(event.subject), data: json.bytes)
    case .clockStep(let step):
      json.event(step)
      return entry("clock-step", of: .account([]), data: json.bytes)
    }
  }

  private static func entry(_ kind: String, budget: String? = nil, of owner: EventRing.Owner, data: [UInt8])
    -> EventRing.Entry
  {
    EventRing.Entry(
      kind: kind, budget: budget, owner: owner, lines: Array("event: \(kind)\ndata: ".utf8) + data + Array("\n\n".utf8))
  }

  /// What a subscriber is sent first: how long to wait before it comes back, in milliseconds, and where to go on.
  static func greeting(id: UInt64) -> [UInt8] { Array("retry: 2000\nid: \(id)\n\n".utf8) }

  /// A comment that keeps proxies from closing a quiet stream; its id spares a reader what its filter left out.
  static func keepAlive(id: UInt64) -> [UInt8] { Array(": keep-alive\nid: \(id)\n\n".utf8) }

  static func appendID(_ id: UInt64, to bytes: inout [UInt8]) { bytes.append(contentsOf: "id: \(id)\n".utf8) }

  /// - Parameter count: events of every kind that can no longer be told; `nil` when nobody knows how many.
  static func appendLost(_ count: UInt64?, id: UInt64, to bytes: inout [UInt8]) {
    appendID(id, to: &bytes)
    let number = count.map { "\($0)" } ?? "null"
    bytes.append(contentsOf: "event: lost\ndata: {\"kind\":\"lost\",\"count\":\(number)}\n\n".utf8)
  }
}

extension JSONWriter {
  fileprivate mutating func event(_ event: BudgetEvent) {
    beginObject()
    key("kind")
    string(event.name)
    key("budget")
    string(event.budget)
    key("unit")
    string(event.unit.name)
    key("tags")
    tags(event.tags)
    key("used")
    amount(event.used, event.unit)
    key("limit")
    optionalAmount(event.limit, event.unit)
    key("used_ratio")
    if let ratio = Self.ratio(event.used, event.limit) { double(ratio) } else { null() }
    key("time")
    time(event.at)
    if let signal = event.signal {
      key("signal")
      string(signal.name)
    }
    endObject()
  }

  fileprivate mutating func event(_ event: SubjectEvent) {
    beginObject()
    key("kind")
    string(event.kind.rawValue)
    key("subject")
    tags([event.subject])
    key("reason")
    string(event.reason)
    key("time")
    time(event.at)
    endObject()
  }

  fileprivate mutating func event(_ step: ClockStep) {
    beginObject()
    key("kind")
    string("clock-step")
    key("seconds")
    double(step.length.inSeconds)
    key("time")
    time(step.at)
    endObject()
  }

  /// As an account's `used_ratio`, but none without a limit.
  private static func ratio(_ used: Quantity, _ limit: Quantity?) -> Double? {
    guard let limit else { return nil }
    return limit == 0 ? 1 : used.approximation / limit.approximation
  }
}
