/// `authorize: { headers: { Remote-User: user }, denied_status: 403, require: [user] }`
extension ConfigurationDecoder {
  private static let mostHeaders = 16

  mutating func authorize(_ field: Field?) -> AuthorizeSettings {
    var result = AuthorizeSettings()
    guard let section = section(field, keys: ["headers", "denied_status", "require"]) else { return result }
    if let status = choice(section["denied_status"], among: ["429", "403"]) {
      result.deniedStatus = status == "403" ? 403 : 429
    }
    result.required = tags(section["require"], use: .match, atMost: 16, example: "[user]") ?? []
    if let headers = section["headers"] { result.headers = headerTags(headers) }
    return result
  }

  private mutating func headerTags(_ field: Field) -> [AuthorizeSettings.HeaderTag] {
    let example = "{ Remote-User: user }"
    guard case .mapping(let entries) = field.node.content, entries.count <= Self.mostHeaders else {
      if !field.node.isNull {
        fail(field, "must be a mapping of at most \(Self.mostHeaders) fields to tags", "Write for example \(example)")
      }
      return []
    }
    var result: [AuthorizeSettings.HeaderTag] = []
    for entry in entries {
      let value = Field(node: entry.value, path: field.path(of: printable(entry.key)))
      guard let tag = text(value, expected: "the name of a tag", example: "user") else { continue }
      let header = entry.key.lowercased()
      guard !header.isEmpty, header.utf8.allSatisfy(Self.isFieldNameByte) else {
        fail(entry.mark, field.path, "\(entry.key.quotedForMessage) is not the name of a field", "Write \(example)")
        continue
      }
      guard isUsable(tag, entry.value.mark, value.path, .match) else { continue }
      guard !result.contains(where: { $0.header == header || $0.tag == tag }) else {
        fail(entry.mark, value.path, "names a field or a tag twice", "Give each tag one field")
        continue
      }
      result.append(AuthorizeSettings.HeaderTag(header: header, tag: tag))
    }
    return result
  }

  private static func isFieldNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
