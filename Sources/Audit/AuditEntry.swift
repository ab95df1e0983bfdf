package import BudgetCore
package import JSONText

/// Something that the audit keeps: its kind, when it was, and members of its own.
package struct AuditEntry: Sendable {
  package enum Kind: String, Sendable {
    /// An operator changed something, or tried to.
    case act
    /// What was denied in the last minute.
    case denials
  }

  package let kind: Kind
  package let time: Instant
  /// The members as one JSON object.
  package let members: JSONObject

  package init(_ kind: Kind, at time: Instant, members: JSONObject) {
    self.kind = kind
    self.time = time
    self.members = members
  }

  /// The line of this entry, without its end: `{"seq": …, "time": …, "kind": …, …, "previous": …}`.
  /// - Parameters:
  ///   - previous: the SHA-256 of the line before, in hexadecimal digits.
  ///   - lost: how many entries before this one could not be kept.
  func line(sequence: UInt64, previous: String, lost: Int) -> [UInt8] {
    var json = JSONWriter(reserving: 512)
    json.beginObject()
    json.key("seq")
    json.int(sequence)
    json.key("time")
    json.string(time.rfc3339)
    json.key("kind")
    json.string(kind.rawValue)
    for (key, value) in members.members {
      json.key(named: key)
      value.write(into: &json)
    }
    if lost > 0 {
      json.key("lost")
      json.int(lost)
    }
    json.key("previous")
    json.string(previous)
    json.endObject()
    return json.bytes
  }
}
