import BudgetCore
import ControlServer
import JSONText
import Testing

@Suite("Settle and release")
struct ReservationTests {
  @Test("A2: a settle counts what was really used and answers with the accounts as they then stand")
  func settle() throws {
    let scene = ControlScene([.test(limit: 1000, warnAt: 500_000)])
    let id = try scene.reserve(400)
    let answer = scene.post(
      "/v1/reservations/\(id)/settle", #"{"tokens": {"input": 600, "output": 500}, "requests": 1}"#)
    #expect(answer.status == 200)
    let expected = try json(
      """
      {"id": "\(id)", "already_settled": false, "accounts": [
        {"budget": "daily", "tags": {"agent": "a"}, "unit": "tokens", "window": "day", "limit": 1000, "used": 1100,
         "reserved": 0, "remaining": 0, "used_ratio": 1.1, "state": "overspent",
         "window_start": "2025-06-16T00:00:00Z", "resets_at": "2025-06-17T00:00:00Z"}], "anomaly": null}
      """)
    #expect(answer.json == expected, "\(answer.string)")
    #expect(scene.events.told == ["daily warn", "daily exhausted", "daily exceeded"])
  }

  @Test("the same settle twice counts once and answers alike")
  func settleTwice() throws {
    let scene = ControlScene([.test(limit: 1000)])
    let id = try scene.reserve(400)
    let first = scene.post("/v1/reservations/\(id)/settle", #"{"tokens": 300}"#)
    let second = scene.post("/v1/reservations/\(id)/settle", #"{"tokens": 300}"#)
    #expect(second.status == 200)
    #expect(second.member("already_settled")?.asBool == true)
    #expect(second.member("accounts") == first.member("accounts"))
    #expect(scene.account("daily", ["agent": "a"]) == "used 300, reserved 0")
  }

  @Test("a settle that says nothing settles what was reserved", arguments: ["", "{}", #"{"tokens": null}"#])
  func settleWithoutAmounts(body: String) throws {
    let scene = ControlScene([.test(limit: 1000)])
    let id = try scene.reserve(400)
    #expect(scene.post("/v1/reservations/\(id)/settle", body).status == 200)
    #expect(scene.account("daily", ["agent": "a"]) == "used 400, reserved 0")
  }

  @Test(
    "a settle counts one request unless it says how many",
    arguments: [("", 1), (#", "requests": 0"#, 0), (#", "requests": 4"#, 4)])
  func settledRequests(member: String, expected: Int) throws {
    let scene = ControlScene([.test("calls", limit: 10, unit: .requests)])
    let id = try scene.reserve(1)
    _ = scene.post("/v1/reservations/\(id)/settle", #"{"tokens": 1\#(member)}"#)
    #expect(scene.account("calls", ["agent": "a"]) == "used \(expected), reserved 0")
  }

  @Test("a release lets go of the hold, as often as it is asked, and leaves room for the next")
  func release() throws {
    let scene = ControlScene([.test(limit: 1000)])
    let id = try scene.reserve(1000)
    for _ in 0..<2 {
      let answer = scene.delete("/v1/reservations/\(id)")
      #expect(answer.status == 200)
      #expect(answer.member("id")?.asString == id)
      #expect(answer.member("accounts")?.asArray?.count == 1)
    }
    #expect(scene.account("daily", ["agent": "a"]) == "used 0, reserved 0")
    #expect(try scene.reserve(1000) != id)
  }

  @Test("a release after the settle is a conflict, and takes nothing back")
  func releaseAfterSettle() throws {
    let scene = ControlScene([.test(limit: 1000)])
    let id = try scene.reserve(400)
    _ = scene.post("/v1/reservations/\(id)/settle", #"{"tokens": 300}"#)
    #expect(scene.delete("/v1/reservations/\(id)").isProblem(409, "closed-reservation"))
    #expect(scene.account("daily", ["agent": "a"]) == "used 300, reserved 0")
  }

  @Test(
    "an expired hold is charged or refunded, and a late settle replaces that once",
    arguments: Budget.ExpiryPolicy.allCases)
  func expiry(policy: Budget.ExpiryPolicy) throws {
    let scene = ControlScene([.test(limit: 1000, onExpiry: policy)])
    let id = try scene.reserve(400)
    scene.clock.advance(601)
    #expect(scene.account("daily", ["agent": "a"]) == "used \(policy == .charge ? 400 : 0), reserved 0")
    #expect(scene.delete("/v1/reservations/\(id)").isProblem(409, "closed-reservation"))
    for _ in 0..<2 { #expect(scene.post("/v1/reservations/\(id)/settle", #"{"tokens": 300}"#).status == 200) }
    #expect(scene.account("daily", ["agent": "a"]) == "used 300, reserved 0")
  }

  @Test("usage that was settled after a release is counted all the same")
  func settleAfterRelease() throws {
    let scene = ControlScene([.test(limit: 1000)])
    let id = try scene.reserve(400)
    _ = scene.delete("/v1/reservations/\(id)")
    #expect(scene.post("/v1/reservations/\(id)/settle", #"{"tokens": 300}"#).status == 200)
    #expect(scene.account("daily", ["agent": "a"]) == "used 300, reserved 0")
  }

  @Test("usage that names a reservation settles it")
  func settleByUsage() throws {
    let scene = ControlScene([.test(limit: 1000)])
    let id = try scene.reserve(400)
    let answer = scene.post("/v1/usage", #"{"agent": "a", "tokens": 300, "reservation": "\#(id)"}"#)
    #expect(answer.status == 200)
    #expect(scene.account("daily", ["agent": "a"]) == "used 300, reserved 0")
    #expect(scene.post("/v1/reservations/\(id)/settle").member("already_settled")?.asBool == true)
  }

  @Test(
    "an id that is not remembered is 404",
    arguments: [
      "x", "00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
      "0000000000000000000000000000000g", String(repeating: "0", count: 33), "é", "%2F",
    ])
  func unknown(id: String) throws {
    let scene = ControlScene([.test(limit: 1000)])
    _ = try scene.reserve(400)
    #expect(scene.post("/v1/reservations/\(id)/settle", #"{"tokens": 1}"#).isProblem(404, "unknown-reservation"))
    #expect(scene.delete("/v1/reservations/\(id)").isProblem(404, "unknown-reservation"))
    #expect(scene.account("daily", ["agent": "a"]) == "used 0, reserved 400")
  }

  @Test("an id with another secret is unknown")
  func otherSecret() throws {
    let scene = ControlScene([.test(limit: 1000)])
    let id = try scene.reserve(400)
    let last = id.last == "0" ? "1" : "0"
    #expect(scene.delete("/v1/reservations/\(id.dropLast())\(last)").isProblem(404, "unknown-reservation"))
    #expect(scene.delete("/v1/reservations/\(id.uppercased())").status == 200)
  }
}
