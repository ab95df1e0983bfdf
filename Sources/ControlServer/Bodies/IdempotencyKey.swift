import UsageProtocol

/// The `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header): what arrives again under it within
/// 15 minutes is counted once. An id in the body goes before it.
struct IdempotencyKey {
  static let longest = 255

  let text: String

  /// `nil` without the header. The key is taken as it stands, with the quotes that the draft wants or without.
  init?(_ request: HTTPRequest) throws(BadRequest) {
    guard let text = request.headers["idempotency-key"] else { return nil }
    guard (1...Self.longest).contains(text.utf8.count) else {
      throw BadRequest("Idempotency-Key must have 1 to \(Self.longest) bytes.", member: "Idempotency-Key")
    }
    self.text = text
  }

  static let notForLines = BadRequest(
    "Usage lines have no Idempotency-Key: give each its own id, as in tokens:5|c|#id:call-1.", member: "Idempotency-Key"
  )

  /// Gives an id to each object that has none: the key, in an array with the object's place.
  func identify(_ objects: inout [UsageObject], isArray: Bool) {
    for index in objects.indices where objects[index].id == nil {
      objects[index].id = isArray ? "\(text)[\(index)]" : text
    }
  }
}
