import JSONText
import Testing

@testable import ControlServer

@Suite("OpenAPI document")
struct OpenAPITests {
  private let routes = RouteTable.test().control
  private let document: JSONObject

  init() throws {
    let router = Router(routes)
    let answer = Answer(router.respond(to: HTTPRequest(path: "/v1/openapi.json")))
    #expect(answer.status == 200)
    #expect(answer.headers["content-type"] == "application/json")
    document = try #require(answer.json?.asObject)
  }

  private var operations: [(title: String, operation: JSONObject)] {
    (document["paths"]?.asObject?.members ?? []).flatMap { path, methods in
      (methods.asObject?.members ?? []).map { ("\($0.key.uppercased()) \(path)", $0.value.asObject ?? JSONObject()) }
    }
  }

  @Test("every route is in it, and nothing that is no route")
  func complete() {
    #expect(document["openapi"]?.asString == "3.1.0")
    #expect(OpenAPIDocument(routes, version: "1").undocumented.isEmpty)
    let described = Set(routes.filter { !$0.pattern.hasSuffix("…}") }.map(\.title))
    #expect(Set(operations.map(\.title)) == described)
    #expect(Set(OpenAPIOperation.all.keys) == described)
  }

  @Test("the role of a route is its security, and a route of a role may answer 401 and 403")
  func roles() throws {
    for (title, operation) in operations {
      let route = try #require(routes.first { $0.title == title })
      let schemes = operation["security"]?.asArray?.flatMap { $0.asObject?.members.map(\.key) ?? [] }
      #expect(schemes == (route.role == .none ? [] : [route.role.name]), "\(title)")
      let responses = try #require(operation["responses"]?.asObject)
      #expect((responses["401"] != nil) == (route.role != .none), "\(title)")
      #expect((responses["403"] != nil) == (route.role != .none), "\(title)")
      #expect(responses.members.contains { $0.key.hasPrefix("2") }, "\(title)")
    }
    let schemes = document["components"]?.asObject?["securitySchemes"]?.asObject
    for role in Role.allCases where role != .none { #expect(schemes?[role.name] != nil) }
  }

  @Test("every parameter of a path is described, and required")
  func pathParameters() throws {
    for (title, operation) in operations {
      let wanted = title.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
      let parameters = (operation["parameters"]?.asArray ?? []).compactMap(\.asObject)
      let inPath = parameters.filter { $0["in"]?.asString == "path" }
      #expect(inPath.compactMap { $0["name"]?.asString } == wanted, "\(title)")
      #expect(inPath.allSatisfy { $0["required"]?.asBool == true })
    }
  }

  @Test("every reference leads somewhere")
  func references() throws {
    var found: [String] = []
    collect(.object(document), into: &found)
    #expect(found.count > 50)
    for reference in Set(found) {
      let parts = reference.split(separator: "/").map(String.init)
      try #require(parts.count == 4 && parts[0] == "#" && parts[1] == "components")
      #expect(document["components"]?.asObject?[parts[2]]?.asObject?[parts[3]] != nil, "\(reference)")
    }
  }

  private func collect(_ value: JSONValue, into found: inout [String]) {
    if let object = value.asObject {
      for (key, member) in object.members {
        if key == "$ref", let text = member.asString { found.append(text) } else { collect(member, into: &found) }
      }
    }
    for element in value.asArray ?? [] { collect(element, into: &found) }
  }
}
