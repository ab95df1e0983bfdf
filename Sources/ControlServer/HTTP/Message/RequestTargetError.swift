/// Why a request target is refused.
enum RequestTargetError: Error, Equatable {
  case badForm
  case badEscape
  case dotSegment
  case controlCharacter
  case notUTF8

  var explanation: String {
    switch self {
    case .badForm: "The request target must be a path that starts with '/', or an absolute http URI without fragment."
    case .badEscape: "The request target has a '%' that is not followed by two hexadecimal digits."
    case .dotSegment: "The path may not contain the segments '.' and '..'."
    case .controlCharacter: "The request target contains a control character."
    case .notUTF8: "The request target is not UTF-8 once its escapes are decoded."
    }
  }
}
