import JSONText

/// The OpenAPI 3.1 description of the control listener, made of its routes: methods, paths and roles are those that are
/// served, and what is said beside them is looked up by them.
package struct OpenAPIDocument: Sendable {
  package let json: [UInt8]
  /// Routes of which nothing is said, as "GET /v1/x".
  package let undocumented: [String]

  /// A route whose path has no end is left out: a template has no place for what follows.
  package init(_ routes: [Route], version: String) {
    let described = routes.filter { !$0.pattern.hasSuffix("…}") }
    undocumented = described.map(\.title).filter { OpenAPIOperation.all[$0] == nil }
    var json = JSONWriter(reserving: 64 << 10)
    json.beginObject()
    json.key("openapi")
    json.string("3.1.0")
    json.key("info")
    json.beginObject()
    json.key("title")
    json.string("Tallygate control endpoint")
    json.key("version")
    json.string(version)
    json.endObject()
    json.key("paths")
    json.beginObject()
    var patterns: [String] = []
    for route in described where !patterns.contains(route.pattern) { patterns.append(route.pattern) }
    for pattern in patterns {
      json.key(named: pattern)
      json.beginObject()
      for route in described where route.pattern == pattern {
        guard let operation = OpenAPIOperation.all[route.title] else { continue }
        json.key(named: route.method.name.lowercased())
        json.operation(operation, of: route)
      }
      json.endObject()
    }
    json.endObject()
    json.key("components")
    json.components()
    json.endObject()
    self.json = json.bytes
  }
}

extension Route {
  /// `GET /v1/openapi.json`: made when it is asked for, so that it takes no memory in between.
  package static func documentation(of routes: [Route], version: String) -> Route {
    let pattern = "/v1/openapi.json"
    let own = Route(.get, pattern, role: .none, reach: .own) { _, _ in .empty() }
    return Route(.get, pattern, role: .none, reach: .own, execution: .offLoop) { _, _ in
      .json(OpenAPIDocument(routes + [own], version: version).json)
    }
  }

  /// As the document and its lookups name it: "GET /v1/budgets/{name}".
  package var title: String { "\(method.name) \(pattern)" }

  fileprivate var pathParameters: [String] {
    pattern.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
  }
}

extension JSONWriter {
  fileprivate mutating func operation(_ operation: OpenAPIOperation, of route: Route) {
    beginObject()
    key("summary")
    string(operation.summary)
    key("security")
    beginArray()
    if route.role != .none {
      beginObject()
      key(named: route.role.name)
      beginArray()
      endArray()
      endObject()
    }
    endArray()
    key("parameters")
    beginArray()
    for name in route.pathParameters { parameter(name, in: "path") }
    for name in operation.query { parameter(name, in: "query") }
    if route.changesThings { parameter("Idempotency-Key", in: "header") }
    endArray()
    body(operation.body)
    key("responses")
    beginObject()
    for (status, content) in operation.success { response(status, content) }
    var problems = OpenAPIOperation.commonProblems + operation.problems
    if route.role != .none { problems += [401, 403] }
    // Of a key that is in use, and of one that came with another body.
    if route.changesThings { problems += [409, 422] }
    problems = Set(problems).sorted()
    for status in problems where !operation.success.contains(where: { $0.status == status }) {
      key(named: String(status))
      reference("responses", "Problem")
    }
    endObject()
    endObject()
  }

  private mutating func parameter(_ name: String, in place: String) {
    beginObject()
    key("name")
    string(name)
    key("in")
    string(place)
    if place == "path" {
      key("required")
      bool(true)
    }
    key("schema")
    OpenAPISchemas.parameter(name).write(into: &self)
    endObject()
  }

  private mutating func body(_ body: OpenAPIOperation.Body) {
    let (name, required): (String, Bool)
    switch body {
    case .none: return
    case .optional(let schema): (name, required) = (schema, false)
    case .required(let schema): (name, required) = (schema, true)
    case .usage: (name, required) = ("Usage", true)
    }
    key("requestBody")
    beginObject()
    key("required")
    bool(required)
    key("content")
    beginObject()
    media("application/json") { $0.reference("schemas", name) }
    if case .usage = body {
      media("text/plain") { OpenAPISchemas.parse(#"{"type": "string"}"#).write(into: &$0) }
    }
    endObject()
    endObject()
  }

  private mutating func response(_ status: UInt16, _ content: OpenAPIOperation.Content) {
    key(named: String(status))
    beginObject()
    key("description")
    string(HTTPStatus(status).reason)
    if case .none = content {
      endObject()
      return
    }
    key("content")
    beginObject()
    switch content {
    case .none: break
    case .json(let name): media("application/json") { $0.reference("schemas", name) }
    case .text: media("text/plain") { OpenAPISchemas.parse(#"{"type": "string"}"#).write(into: &$0) }
    case .events: media("text/event-stream") { OpenAPISchemas.parse(#"{"type": "string"}"#).write(into: &$0) }
    }
    endObject()
    endObject()
  }

  private mutating func media(_ type: String, _ schema: (inout JSONWriter) -> Void) {
    key(named: type)
    beginObject()
    key("schema")
    schema(&self)
    endObject()
  }

  fileprivate mutating func reference(_ kind: String, _ name: String) {
    beginObject()
    key("$ref")
    string("#/components/\(kind)/\(name)")
    endObject()
  }

  fileprivate mutating func components() {
    beginObject()
    key("schemas")
    beginObject()
    for (name, text) in OpenAPISchemas.components {
      key(named: name)
      OpenAPISchemas.parse(text).write(into: &self)
    }
    endObject()
    key("responses")
    beginObject()
    key("Problem")
    beginObject()
    key("description")
    string("What was wrong, and the numbers behind it.")
    key("content")
    beginObject()
    media(JSONWriter.problemType) { $0.reference("schemas", "Problem") }
    endObject()
    endObject()
    endObject()
    key("securitySchemes")
    beginObject()
    for role in Role.allCases where role != .none {
      key(named: role.name)
      OpenAPISchemas.parse(
        #"{"type": "http", "scheme": "bearer", "description": "A token of the role \#(role.name)."}"#
      ).write(into: &self)
    }
    endObject()
    endObject()
  }

  private static let problemType = Problem.contentType
}
