import ControlServer
import Testing

@Suite("Router")
struct RouterTests {
  private func answer(_ name: String) -> Route.Handler {
    { _, parameters in
      let values = ["id", "tag", "value", "name"].compactMap { key in parameters[key].map { "\(key)=\($0)" } }
      return .text(([name] + values).joined(separator: " "))
    }
  }

  private var router: Router {
    Router([
      Route(.get, "/", role: .none, handler: answer("root")),
      Route(.post, "/v1/reservations", role: .agent, handler: answer("reserve")),
      Route(.post, "/v1/reservations/{id}/settle", role: .agent, handler: answer("settle")),
      Route(.delete, "/v1/reservations/{id}", role: .agent, handler: answer("release")),
      Route(.get, "/v1/budgets/{name}", role: .agent, handler: answer("budget")),
      Route(.get, "/v1/budgets/all", role: .agent, handler: answer("every budget")),
      Route(.post, "/v1/budgets/all", role: .agent, handler: answer("post all")),
      Route(.delete, "/v1/budgets/{name}", role: .agent, handler: answer("drop")),
      Route(.post, "/v1/subjects/{tag}/{value}/stop", role: .operator, handler: answer("stop")),
    ])
  }

  private func text(_ response: HTTPResponse) -> String {
    guard case .bytes(let bytes) = response.body else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "a path finds its route and its parameters",
    arguments: [
      ("GET", "/", "root"),
      ("POST", "/v1/reservations", "reserve"),
      ("POST", "/v1/reservations/r1/settle", "settle id=r1"),
      ("DELETE", "/v1/reservations/r1", "release id=r1"),
      ("GET", "/v1/budgets/daily", "budget name=daily"),
      ("GET", "/v1/budgets/all", "every budget"),
      ("DELETE", "/v1/budgets/all", "drop name=all"),
      ("GET", "/v1/budgets/meta%2Fllama 100%25", "budget name=meta/llama 100%"),
      ("HEAD", "/v1/budgets/all", "every budget"),
    ])
  func finds(method: String, path: String, expected: String) {
    let response = router.respond(to: HTTPRequest(method: HTTPMethod(method), path: path))
    #expect(response.status == .ok)
    #expect(text(response) == expected)
  }

  @Test(
    "an unknown path is 404 and a problem",
    arguments: [
      "/v1", "/v1/reservations/", "/v1/reservations//settle", "/v1/reservations/a/b/settle", "/V1/reservations", "",
    ])
  func unknown(path: String) {
    let response = router.respond(to: HTTPRequest(method: .post, path: path))
    #expect(response.status == .notFound)
    #expect(response.headers["Content-Type"] == "application/problem+json")
  }

  @Test(
    "another method is 405 and names what is allowed",
    arguments: [
      ("/v1/reservations", "OPTIONS, POST"),
      ("/v1/reservations/r1", "DELETE, OPTIONS"),
      ("/v1/budgets/all", "DELETE, GET, HEAD, OPTIONS, POST"),
    ])
  func otherMethod(path: String, allowed: String) {
    let refused = router.respond(to: HTTPRequest(method: .put, path: path))
    #expect(refused.status == .methodNotAllowed)
    #expect(refused.headers["allow"] == allowed)
    let options = router.respond(to: HTTPRequest(method: .options, path: path))
    #expect(options.status == .noContent)
    #expect(options.headers["allow"] == allowed)
  }

  @Test("operator routes are refused until a check says who is an operator")
  func operatorsNeedACheck() {
    let request = HTTPRequest(method: .post, path: "/v1/subjects/agent/a/stop")
    #expect(router.respond(to: request).status == .forbidden)
    let open = Router(router(of: .operator)) { _, _ in .admitted(.anyOperator) }
    #expect(text(open.respond(to: request)) == "stop tag=agent value=a")
  }

  @Test("the check sees the role of the route", arguments: Role.allCases)
  func checkSeesRole(role: Role) {
    let router = Router(router(of: role)) { asked, _ in
      asked == role ? .refused(.empty(.unauthorized)) : .admitted(.anonymous)
    }
    let response = router.respond(to: HTTPRequest(method: .post, path: "/v1/subjects/agent/a/stop"))
    #expect(response.status == .unauthorized)
  }

  private func router(of role: Role) -> [Route] {
    [Route(.post, "/v1/subjects/{tag}/{value}/stop", role: role, handler: answer("stop"))]
  }
}
