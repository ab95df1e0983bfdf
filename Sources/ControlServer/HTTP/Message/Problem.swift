/// An error as RFC 9457 writes it: what a client reads instead of a bare status.
package struct Problem: Sendable {
  package static let contentType = "application/problem+json"

  /// An extra member. Its value is JSON already, and is written as it stands.
  package struct Member: Sendable {
    package let name: String
    package let json: String

    package init(_ name: String, json: String) {
      self.name = name
      self.json = json
    }
  }

  /// A URI that names the kind of problem; "about:blank" when the status says it all.
  package var type: String
  package var title: String
  package var status: HTTPStatus
  package var detail: String?
  package var members: [Member]

  package init(
    type: String = "about:blank", title: String? = nil, status: HTTPStatus, detail: String? = nil,
    members: [Member] = []
  ) {
    self.type = type
    self.title = title ?? status.reason
    self.status = status
    self.detail = detail
    self.members = members
  }

  /// The problem as one JSON object; linear.
  package func render() -> [UInt8] {
    var json: [UInt8] = []
    json.append(contentsOf: #"{"type":"#.utf8)
    Self.append(type, to: &json)
    json.append(contentsOf: #","title":"#.utf8)
    Self.append(title, to: &json)
    json.append(contentsOf: #","status":\#(status.code)"#.utf8)
    if let detail {
      json.append(contentsOf: #","detail":"#.utf8)
      Self.append(detail, to: &json)
    }
    for member in members {
      json.append(UInt8(ascii: ","))
      Self.append(member.name, to: &json)
      json.append(UInt8(ascii: ":"))
      json.append(contentsOf: member.json.utf8)
    }
    json.append(UInt8(ascii: "}"))
    return json
  }

  package func response(headers extra: [(String, String)] = []) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: HTTPHeaders([("content-type", Self.contentType)] + extra), body: .bytes(render()))
  }

  private static func append(_ text: String, to json: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    json.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): json.append(contentsOf: [UInt8(ascii: "\\"), byte])
      case 0..<0x20:
        json.append(contentsOf: "\\u00".utf8)
        json.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
      default: json.append(byte)
      }
    }
    json.append(UInt8(ascii: "\""))
  }
}
