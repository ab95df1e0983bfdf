internal import NIOHTTP1

/// What a header section says about the message that follows, once it has passed every check.
///
/// The parser has refused most of what smuggling is made of (folded lines, bare line feeds, a length beside
/// chunks, two lengths); what can be checked without it is checked again here, because two readings of one
/// request are the danger.
struct RequestHeadCheck {
  private(set) var declaredLength: Int?
  private(set) var isChunked = false
  private(set) var expectsContinue = false
  /// The parser stops after a request that asks for another protocol, so the connection cannot go on.
  private(set) var asksForUpgrade = false

  init(_ head: HTTPRequestHead, limits: HTTPLimits) throws(RequestRefusal) {
    guard head.version == .http1_1 || head.version == .http1_0 else {
      throw RequestRefusal(.versionNotSupported, "This server speaks HTTP/1.0 and HTTP/1.1.")
    }
    guard head.uri.utf8.count <= limits.targetBytes else { throw .targetTooLong(limits) }
    var hosts = 0
    var bytes = 0
    for (name, value) in head.headers {
      bytes += name.utf8.count + value.utf8.count
      guard !value.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else {
        throw RequestRefusal(.badRequest, "A header field holds a control character.")
      }
      switch name.utf8.count {
      case 4 where Self.equal(name, "host"): hosts += 1
      case 6 where Self.equal(name, "expect"): try readExpectation(value)
      case 7 where Self.equal(name, "upgrade"): asksForUpgrade = true
      case 14 where Self.equal(name, "content-length"): try readLength(value)
      case 16 where Self.equal(name, "content-encoding"):
        guard Self.equal(value, "identity") else {
          throw RequestRefusal(.unsupportedMediaType, "A body is read as it comes: send it without Content-Encoding.")
        }
      case 17 where Self.equal(name, "transfer-encoding"): try readEncoding(value)
      default: break
      }
    }
    guard bytes <= limits.headerBytes else { throw .headersTooLarge(limits) }
    if head.version == .http1_1 {
      guard hosts == 1 else { throw RequestRefusal(.badRequest, "A request needs exactly one Host field.") }
    } else {
      guard !isChunked else { throw RequestRefusal(.badRequest, "HTTP/1.0 has no Transfer-Encoding.") }
      // A 1.0 client would take "100 Continue" for the answer.
      expectsContinue = false
    }
    guard !isChunked || declaredLength == nil else {
      throw RequestRefusal(.badRequest, "A request has Content-Length or Transfer-Encoding, not both.")
    }
    guard declaredLength ?? 0 <= limits.bodyBytes else { throw .bodyTooLarge(limits) }
    if head.method == .CONNECT { asksForUpgrade = true }
  }

  private mutating func readExpectation(_ value: String) throws(RequestRefusal) {
    guard Self.equal(value, "100-continue") else {
      throw RequestRefusal(.expectationFailed, "The only expectation met here is 100-continue.")
    }
    expectsContinue = true
  }

  private mutating func readLength(_ value: String) throws(RequestRefusal) {
    guard !value.isEmpty, value.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let length = Int(value) else {
      throw RequestRefusal(.badRequest, "Content-Length must be a decimal number.")
    }
    guard declaredLength == nil else { throw RequestRefusal(.badRequest, "A request has one Content-Length.") }
    declaredLength = length
  }

  private mutating func readEncoding(_ value: String) throws(RequestRefusal) {
    guard !isChunked, Self.equal(value, "chunked") else {
      // Chunks at the end would at least delimit the body; anything else leaves its end open.
      guard value.lowercased().hasSuffix(", chunked") else {
        throw RequestRefusal(.badRequest, "Transfer-Encoding must be chunked.")
      }
      throw RequestRefusal(.notImplemented, "The only transfer encoding read here is chunked.")
    }
    isChunked = true
  }

  /// Compares without regard to ASCII case; `lowercase` is lower case already.
  private static func equal(_ text: String, _ lowercase: StaticString) -> Bool {
    guard text.utf8.count == lowercase.utf8CodeUnitCount else { return false }
    var expected = lowercase.utf8Start
    for byte in text.utf8 {
      let folded = byte >= 65 && byte <= 90 ? byte | 0x20 : byte
      guard folded == expected.pointee else { return false }
      expected += 1
    }
    return true
  }
}
