/// Reads server-sent events (WHATWG HTML, section 9.2.6), in whatever pieces they come.
package struct EventStreamParser: Sendable {
  package struct Event: Hashable, Sendable {
    /// `message` when it has none.
    package var kind: String
    package var data: String
    /// The last id that was told, to go on from.
    package var id: String

    package init(kind: String, data: String, id: String) {
      self.kind = kind
      self.data = data
      self.id = id
    }
  }

  /// An event that is longer is dropped: no sidecar sends one.
  private static let longestEvent = 1 << 20

  /// What to send as `Last-Event-ID` when coming back.
  package private(set) var lastID = ""
  /// How long to wait before coming back, in milliseconds, if it was told.
  package private(set) var retryMilliseconds: Int?
  private var line: [UInt8] = []
  private var kind = ""
  private var data: [String] = []
  private var size = 0
  private var followsCR = false

  package init(lastID: String = "") { self.lastID = lastID }

  /// The events that are complete now. Lines end in LF, CR LF or CR.
  package mutating func receive(_ bytes: some Sequence<UInt8>) -> [Event] {
    var events: [Event] = []
    for byte in bytes {
      defer { followsCR = byte == UInt8(ascii: "\r") }
      if byte == UInt8(ascii: "\n"), followsCR { continue }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        if let event = endLine() { events.append(event) }
      } else {
        size += 1
        if size <= Self.longestEvent { line.append(byte) }
      }
    }
    return events
  }

  private mutating func endLine() -> Event? {
    defer { line = [] }
    guard !line.isEmpty else { return endEvent() }
    let text = String(decoding: line, as: UTF8.self)
    guard let colon = text.firstIndex(of: ":") else {
      take(text, "")
      return nil
    }
    var value = text[text.index(after: colon)...]
    if value.hasPrefix(" ") { value = value.dropFirst() }
    take(String(text[..<colon]), String(value))
    return nil
  }

  private mutating func take(_ field: String, _ value: String) {
    switch field {
    case "event": kind = value
    case "data": data.append(value)
    case "id" where !value.utf8.contains(0): lastID = value
    case "retry": retryMilliseconds = value.utf8.count <= 9 ? UInt32(value).map { Int($0) } : nil
    default: break
    }
  }

  private mutating func endEvent() -> Event? {
    defer { (kind, data, size) = ("", [], 0) }
    guard !data.isEmpty, size <= Self.longestEvent else { return nil }
    return Event(kind: kind.isEmpty ? "message" : kind, data: data.joined(separator: "\n"), id: lastID)
  }
}
