extension String {
  /// The text in quotes, fit for one line of a message: escaped where it is not printable, cut after 60 characters.
  var quotedForMessage: String {
    var result = "\""
    for (count, scalar) in unicodeScalars.enumerated() {
      guard count < 60 else {
        result += "…"
        break
      }
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default:
        if scalar == "\"" || scalar == "\\" { result += "\\" }
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
