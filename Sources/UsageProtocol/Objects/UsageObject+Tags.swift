package import BudgetCore
package import JSONText

extension UsageObject {
  /// The flat `tags` object, and the well-known tags beside it.
  package static func tags(in object: JSONObject) throws(Invalid) -> [Tag] {
    var tags: [Tag] = []
    for key in [TagName.agent, TagName.user, TagName.model, TagName.provider, "session", "task"] {
      if let value = object[key] { tags.append(Tag(key: key, value: try text(of: value, key: key, at: key))) }
    }
    guard let member = object["tags"], !member.isNull else { return tags }
    guard let given = member.asObject else { throw Invalid("tags", "must be an object of strings, got \(member.kind)") }
    guard given.count <= TagScanner.maximumTags else {
      throw Invalid("tags", "must have at most \(TagScanner.maximumTags) members")
    }
    for (key, value) in given.members {
      tags.append(Tag(key: key, value: try text(of: value, key: key, at: "tags.\(key.prefix(64))")))
    }
    return tags
  }

  /// A tag's value as text; empty, and so absent, for null.
  private static func text(of value: JSONValue, key: String, at member: String) throws(Invalid) -> String {
    switch value {
    case .string(let text): try checked(text, key: key, at: member)
    case .number(let number): try checked(number.text, key: key, at: member)
    case .bool(let flag): try checked(flag ? "true" : "false", key: key, at: member)
    case .null: try checked("", key: key, at: member)
    case .array, .object: throw Invalid(member, "must be a string, got \(value.kind)")
    }
  }

  static func checked(_ value: String, key: String, at member: String) throws(Invalid) -> String {
    do {
      try TagScanner.check(key: key, value: value)
      return value
    } catch {
      guard error != .emptyKey else { throw Invalid(member, "a tag needs a name") }
      throw Invalid(
        member,
        "a tag's name has at most \(TagScanner.maximumKeyLength) bytes, its value at most \(TagScanner.maximumValueLength)"
      )
    }
  }
}
