import BudgetCore
import LedgerAccess
import Testing

@testable import ControlServer

@Suite("Identity of a token")
struct TagBindingTests {
  private static let own = "own-token-0123456789", other = "other-token-0123456789", free = "free-token-0123456789"
  private let file = TemporaryFile(
    """
    \(own) name=research agent=researcher user=alice,team-*
    \(other) agent=support
    \(free)
    """)

  private func scene() -> ControlScene {
    ControlScene(
      [.test(limit: 1_000_000)],
      gatekeeper: Gatekeeper(Gatekeeper.Credentials(agents: TokenFile(path: file.path, binds: true)))
    ) { $0.pools = [Pool(name: "context", tokens: 1000)] }
  }

  private func send(
    _ scene: ControlScene, _ path: String, _ body: String, type: String? = nil, token: String = own,
    method: HTTPMethod = .post
  ) -> Int {
    let answer = scene.send(method, path, body: Array(body.utf8), type: type, token: token)
    if answer.status == 403 { #expect(answer.isProblem(403, "foreign-identity")) }
    return answer.status
  }

  private static let tags: [(tags: String, fits: Bool)] = [
    (#""agent": "researcher", "user": "alice""#, true),
    (#""agent": "researcher", "user": "team-red", "session": "any""#, true),
    (#""agent": "researcher", "user": "bob""#, false), (#""agent": "support", "user": "alice""#, false),
    (#""agent": "researcher""#, false), (#""user": "alice""#, false), ("", false),
    (#""agent": "", "user": "alice""#, false), (#""agent": "researcher2", "user": "alice""#, false),
    (#""agent": "Researcher", "user": "alice""#, false),
  ]

  @Test("in every verb that takes tags a token speaks for its own agent and users alone", arguments: tags)
  func verbs(tags: String, fits: Bool) {
    let scene = scene()
    let body = "{\"tags\": {\(tags)}, \"tokens\": 1}"
    let wrong = 403
    #expect(send(scene, "/v1/check", body) == (fits ? 200 : wrong))
    #expect(send(scene, "/v1/reservations", body) == (fits ? 201 : wrong))
    #expect(send(scene, "/v1/estimate", body) == (fits ? 200 : wrong))
    #expect(send(scene, "/v1/usage", body) == (fits ? 200 : wrong))
    let mine = #"{"agent": "researcher", "user": "alice", "tokens": 1}"#
    #expect(send(scene, "/v1/usage", "[\(mine), \(body)]") == (fits ? 200 : wrong))
    let line = tags.replacing("\"", with: "").replacing(": ", with: ":").replacing(", ", with: ",")
    let lines = "tokens:1|c|#agent:researcher,user:alice\nnonsense\ntokens:1|c|#\(line)"
    #expect(send(scene, "/v1/usage", lines, type: "text/plain") == (fits ? 200 : wrong))
    #expect(send(scene, "/v1/usage", mine + "\n" + body, type: "text/plain") == (fits ? 200 : wrong))
    #expect(send(scene, "/v1/check", body, token: Self.free) == 200)
  }

  @Test("what was refused counts nothing, and neither does what stood beside it")
  func allOrNothing() {
    let scene = scene()
    let lines = "tokens:5|c|#agent:researcher,user:alice\ntokens:5|c|#agent:support,user:alice"
    #expect(send(scene, "/v1/usage", lines, type: "text/plain; charset=utf-8") == 403)
    let objects = #"[{"agent": "researcher", "user": "alice", "tokens": 5}, {"agent": "x", "tokens": 5}]"#
    #expect(send(scene, "/v1/usage", objects) == 403)
    #expect(scene.ledger.accounts().isEmpty)
  }

  @Test("a tag said twice has to be one's own each time")
  func twice() {
    for tags in ["agent:researcher,agent:support,user:alice", "agent:support,agent:researcher,user:alice"] {
      #expect(send(scene(), "/v1/usage", "tokens:1|c|#\(tags)", type: "text/plain") == 403)
    }
  }

  @Test("nobody settles, releases or uses what somebody else holds")
  func holds() throws {
    let scene = scene()
    let answer = scene.send(
      .post, "/v1/reservations", body: Array(#"{"tags": {"agent": "support"}, "tokens": 10}"#.utf8), token: Self.other)
    let id = try answer.text("id")
    #expect(send(scene, "/v1/reservations/\(id)/settle", #"{"tokens": 0}"#) == 403)
    #expect(send(scene, "/v1/reservations/\(id)", "", method: .delete) == 403)
    let own = #""tags": {"agent": "researcher", "user": "alice"}, "tokens": 0, "requests": 0"#
    #expect(send(scene, "/v1/usage", "{\(own), \"reservation\": \"\(id)\"}") == 403)
    let line = "tokens:0|c|#agent:researcher,user:alice,reservation:\(id)"
    #expect(send(scene, "/v1/usage", line, type: "text/plain") == 403)
    #expect(scene.ledger.view().0.openReservations == 1)
    #expect(send(scene, "/v1/reservations/\(id)", "", token: Self.other, method: .delete) == 200)
  }

  @Test("nobody takes, uses or gives back an allocation of another agent")
  func allocations() throws {
    let scene = scene()
    #expect(send(scene, "/v1/allocations", #"{"pool": "context", "agent": "support"}"#) == 403)
    let body = #"{"pool": "context", "agent": "support", "max_tokens": 10}"#
    let id = try scene.send(.post, "/v1/allocations", body: Array(body.utf8), token: Self.other).text("id")
    #expect(send(scene, "/v1/allocations/\(id)/usage", #"{"tokens": 1}"#) == 403)
    #expect(send(scene, "/v1/allocations/\(id)", "", method: .get) == 403)
    #expect(send(scene, "/v1/allocations/\(id)", "", method: .delete) == 403)
    let line = "tokens:1|c|#agent:researcher,user:alice,allocation:\(id)"
    #expect(send(scene, "/v1/usage", line, type: "text/plain") == 403)
    #expect(send(scene, "/v1/allocations/\(id)", "", token: Self.other, method: .delete) == 200)
    #expect(send(scene, "/v1/allocations", #"{"pool": "context", "agent": "researcher", "max_tokens": 10}"#) == 201)
  }

  @Test("the refusal says for whom the token speaks, and never the token")
  func words() throws {
    let answer = scene().send(
      .post, "/v1/check", body: Array(#"{"agent": "researcher", "user": "bob"}"#.utf8), token: Self.own)
    #expect(
      try answer.text("detail")
        == "The token research speaks for agent=researcher user=alice,team-*: user bob is somebody else.")
    let unnamed = scene().send(.post, "/v1/check", body: Array(#"{"agent": "x"}"#.utf8), token: Self.other)
    #expect(!unnamed.string.contains(Self.other))
    #expect(try unnamed.text("detail").hasPrefix("The token sha256:"))
  }

  @Test(
    "a line with a word that is not understood admits nobody",
    arguments: [
      "agent", "agent=", "=x", "agent=a,", "agent=a agent=b", "id=x", "reservation=r", "allocation=a", "kind=input",
      "name=", "researcher", "agent=a name=", "name=a name=b",
    ])
  func malformed(words: String) {
    let file = TemporaryFile("\(Self.own) \(words)\n\(Self.free)\n")
    let tokens = TokenFile(path: file.path, binds: true)
    #expect(!tokens.admits(Self.own.utf8))
    #expect(tokens.admits(Self.free.utf8))
    #expect(tokens.malformedLines == [1])
  }

  @Test("a token of an operator speaks for nobody in particular: a line that says otherwise is not understood")
  func unbound() {
    let file = TemporaryFile("\(Self.own) agent=researcher\n\(Self.free) name=root\n")
    let tokens = TokenFile(path: file.path)
    #expect(!tokens.admits(Self.own.utf8))
    #expect(tokens.entry(for: Self.free.utf8)?.name == "root")
  }
}
