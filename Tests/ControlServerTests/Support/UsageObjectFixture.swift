import BudgetCore
import JSONText
import UsageProtocol

enum UsageObjectFixture {
  /// So many input tokens, used by whom the tags name.
  static func tokens(_ count: Int, tags: [Tag]) -> UsageObject {
    let members = tags.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ")
    do {
      return try UsageObject(try JSONValue.parse("{\"tags\": {\(members)}, \"tokens\": \(count)}"))
    } catch {
      preconditionFailure("the test's own usage is malformed: \(error)")
    }
  }
}
