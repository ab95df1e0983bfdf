import Configuration
import JSONText

/// A count as people write it, such as 50K, as a JSON number. What is none goes as it is: the sidecar says what is right.
enum CountText {
  static func value(_ text: String) -> JSONValue {
    NumberText.whole(text).map { .number(JSONNumber($0)) } ?? .string(text)
  }
}
