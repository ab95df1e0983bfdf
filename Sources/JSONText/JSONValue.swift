/// One JSON value, as read or to be written.
///
/// Strings are equal when Unicode says so (canonical equivalence), as everywhere in Swift.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// Reads one strict RFC 8259 document; O(bytes).
  ///
  /// Beyond the grammar it refuses duplicate keys, lone surrogates and a byte order mark.
  package static func parse(
    _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONValue {
    var reader = JSONReader(bytes, limits: limits)
    return try reader.readDocument()
  }

  /// Reads one strict RFC 8259 document; O(bytes).
  package static func parse(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSONValue {
    try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
      try parse(UnsafeRawBufferPointer(buffer), limits: limits)
    }
  }

  /// Reads one strict RFC 8259 document; O(bytes).
  package static func parse(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8), limits: limits)
  }
}

extension JSONValue {
  package var isNull: Bool { self == .null }

  package var asBool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  package var asNumber: JSONNumber? {
    guard case .number(let value) = self else { return nil }
    return value
  }

  /// An exact integer; `nil` for other numbers and other kinds.
  package var asInt64: Int64? { asNumber?.int64 }

  package var asString: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  package var asArray: [JSONValue]? {
    guard case .array(let value) = self else { return nil }
    return value
  }

  package var asObject: JSONObject? {
    guard case .object(let value) = self else { return nil }
    return value
  }

  /// The word for this kind in an error: `"a number"`.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
