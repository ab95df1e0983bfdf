import Testing

@testable import ControlServer

@Suite("Names and passwords")
struct BasicUsersTests {
  /// bcrypt of "correct horse" at the lowest cost.
  private static let hash = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"
  private let users = BasicUsers([("prometheus", Self.hash)])

  private func request(_ credentials: String?) -> HTTPRequest {
    let headers = credentials.map { [("authorization", "Basic " + Base64.encode($0.utf8))] } ?? []
    return HTTPRequest(path: "/metrics", headers: HTTPHeaders(headers))
  }

  private func isAdmitted(_ request: HTTPRequest) -> Bool {
    var admission = users.admit(request)
    while case .later(let verify) = admission { admission = verify() }
    return admission.isAdmitted
  }

  @Test("the right password admits, and is remembered: the second time nothing has to be computed")
  func right() {
    let request = request("prometheus:correct horse")
    guard case .later = users.admit(request) else {
      Issue.record("a password that nobody has checked is answered at once")
      return
    }
    #expect(isAdmitted(request))
    #expect(users.admit(request).caller?.name == "prometheus")
    #expect(users.admit(request).caller?.role == .scraper)
  }

  @Test(
    "anything else does not, and is never remembered",
    arguments: [
      "prometheus:wrong", "prometheus:", "prometheus", ":correct horse", "other:correct horse",
      "prometheus:correct horse\0", "prometheus:correct horse ", "Prometheus:correct horse", "",
    ])
  func wrong(credentials: String) {
    for _ in 0..<2 { #expect(!isAdmitted(request(credentials))) }
  }

  @Test("a request without credentials, or with some that cannot be read, is asked for them")
  func none() throws {
    let malformed = HTTPRequest(path: "/", headers: HTTPHeaders([("authorization", "Basic !!!")]))
    for request in [request(nil), malformed] {
      guard case .refused(let response) = users.admit(request) else {
        Issue.record("not refused")
        return
      }
      #expect(Answer(response).isProblem(401, "about:blank"))
      #expect(response.headers["www-authenticate"] == "Basic realm=\"tallygate\"")
    }
  }

  @Test("only so many passwords wait to be checked; a place is given back when its work is thrown away")
  func bounded() {
    var waiting = (0..<BasicUsers.mostWaiting).map { users.admit(request("prometheus:\($0)")) }
    guard case .refused(let response) = users.admit(request("prometheus:more")) else {
      Issue.record("one too many is taken")
      return
    }
    #expect(response.status == .serviceUnavailable && response.headers["retry-after"] == "1")
    waiting.removeAll()
    #expect(isAdmitted(request("prometheus:correct horse")))
  }

  @Test("a scraper needs its password, health needs none, and the verbs of agents know of no passwords")
  func gatekeeper() {
    var credentials = Gatekeeper.Credentials()
    var content = ListenerSecurity.Content()
    content.users = users
    credentials.web = ListenerSecurity(content)
    let gatekeeper = Gatekeeper(credentials)
    let table = RouteTable.test()
    let router = Router(table.web, check: { gatekeeper.admit($0, $1) })
    #expect(Answer(router.respond(to: request(nil))).status == 401)
    #expect(Answer(router.respond(to: request("prometheus:wrong"))).status == 401)
    #expect(Answer(router.respond(to: request("prometheus:correct horse"))).status == 200)
    #expect(Answer(router.respond(to: HTTPRequest(path: "/-/healthy"))).status == 200)
  }
}
