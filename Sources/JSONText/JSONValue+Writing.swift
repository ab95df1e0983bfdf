extension JSONValue {
  /// Writes this value where the writer stands.
  package func write(into writer: inout JSONWriter) {
    switch self {
    case .null: writer.null()
    case .bool(let value): writer.bool(value)
    case .number(let value): writer.number(value)
    case .string(let value): writer.string(value)
    case .array(let elements):
      writer.beginArray()
      for element in elements { element.write(into: &writer) }
      writer.endArray()
    case .object(let object):
      writer.beginObject()
      for (key, value) in object.members {
        writer.key(named: key)
        value.write(into: &writer)
      }
      writer.endObject()
    }
  }

  /// This value as text.
  package func bytes(pretty: Bool = false) -> [UInt8] {
    var writer = JSONWriter(pretty: pretty)
    write(into: &writer)
    return writer.bytes
  }
}
