import JSONText

/// Four characters (Unicode scalars) count as one token, rounded up for each message.
enum TokenEstimate {
  static func tokens(_ characters: Int) -> Int { (characters + 3) / 4 }

  static func tokens(inJSON value: JSONValue) -> Int { tokens(value.bytes().count) }
}
