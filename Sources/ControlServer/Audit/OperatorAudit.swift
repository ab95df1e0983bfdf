package import Audit
import BudgetCore
import JSONText
package import LedgerAccess

/// Keeps what operators do: who, from where, what, how things stood before and stand after it.
package struct OperatorAudit: Sendable {
  private let log: AuditLog
  private let ledger: SharedLedger
  /// Accounts of a record, and bytes of a body in it: more is left out.
  private static let mostAccounts = 16
  private static let mostBytes = 4096

  package init(log: AuditLog, ledger: SharedLedger) {
    self.log = log
    self.ledger = ledger
  }

  /// The same route; what it answers is kept first. Reads are not: they change nothing.
  package func watching(_ route: Route) -> Route {
    guard route.role == .operator, route.method != .get else { return route }
    let handler = route.handler
    return route.handled { request, parameters in
      let before = standing(route.pattern, parameters)
      let response = handler(request, parameters)
      log.append(AuditEntry(.act, at: ledger.now().wall, members: members(of: request, before, response)))
      return response
    }
  }

  private func members(of request: HTTPRequest, _ before: JSONValue?, _ response: HTTPResponse) -> JSONObject {
    var members = JSONObject()
    members.insert("who", .string(request.caller.name))
    members.insert("from", .string(request.origin))
    members.insert("verb", .string("\(request.method) \(request.path)"))
    if let body = Self.value(request.body) { members.insert("body", body) }
    members.insert("status", .number(JSONNumber(Int64(response.status.code))))
    if let before { members.insert("before", before) }
    if response.status.code < 300, case .bytes(let body) = response.body, let after = Self.value(body) {
      members.insert("after", after)
    }
    return members
  }

  /// A body that is JSON and short enough.
  private static func value(_ body: [UInt8]) -> JSONValue? {
    body.isEmpty || body.count > mostBytes ? nil : try? JSONValue.parse(body)
  }

  /// How that stands which a route changes.
  private func standing(_ pattern: String, _ parameters: RouteParameters) -> JSONValue? {
    var json = JSONWriter(reserving: 512)
    if pattern.hasPrefix("/v1/budgets/"), let accounts = ledger.accounts(budget: parameters["name"] ?? "", where: []) {
      json.accounts(Array(accounts.prefix(Self.mostAccounts)))
    } else if pattern.hasPrefix("/v1/subjects/") {
      let subject = Tag(key: parameters["tag"] ?? "", value: parameters["value"] ?? "")
      json.beginObject()
      json.key("stopped")
      json.bool(ledger.stoppedSubjects().contains { $0.subject == subject })
      json.endObject()
    } else {
      return nil
    }
    return try? JSONValue.parse(json.bytes)
  }
}

extension HTTPRequest {
  /// From where it came, for people: an address, or the user and process on the Unix socket.
  package var origin: String {
    if let peer { return "unix uid=\(peer.userID) pid=\(peer.processID)" }
    return remoteAddress ?? "unix"
  }
}
