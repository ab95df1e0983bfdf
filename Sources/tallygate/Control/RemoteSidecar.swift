import ControlClient
import Glibc
import JSONText
import Terminal

/// A running sidecar, asked over its control endpoint.
struct RemoteSidecar: Sendable {
  /// What a large sidecar may answer: tens of thousands of accounts.
  private static let limits = JSONLimits(values: 5_000_000)

  struct Reply {
    var status: Int
    var bytes: [UInt8]
    var value: JSONValue

    /// What a refusal says, in a sentence.
    var detail: String {
      value["detail"]?.asString?.forTerminal ?? "The sidecar answered \(status)."
    }
  }

  let client: ControlClient

  init(_ client: ControlClient) { self.client = client }

  /// The answer of a request that went well.
  func get(_ path: String, _ parameters: [(name: String, value: String)] = []) throws(StartError) -> Reply {
    try expectSuccess(send("GET", path + PercentEncoding.query(parameters)))
  }

  /// The same for a request that changes something.
  func act(_ method: String, _ path: String, _ body: JSONValue? = nil) throws(StartError) -> Reply {
    try expectSuccess(send(method, path, body))
  }

  /// The answer, be it a refusal.
  func send(_ method: String, _ path: String, _ body: JSONValue? = nil) throws(StartError) -> Reply {
    let answer: HTTPAnswer
    do throws(ControlError) {
      answer = try client.send(method, path, body: body?.bytes() ?? [])
    } catch {
      throw explain(error)
    }
    return try reply(answer)
  }

  func reply(_ answer: HTTPAnswer) throws(StartError) -> Reply {
    guard !answer.body.isEmpty else { return Reply(status: answer.status, bytes: [], value: .null) }
    guard let value = try? JSONValue.parse(answer.body, limits: Self.limits) else { throw stranger }
    return Reply(status: answer.status, bytes: answer.body, value: value)
  }

  private func expectSuccess(_ reply: Reply) throws(StartError) -> Reply {
    guard reply.status >= 300 else { return reply }
    throw refusal(reply)
  }

  func refusal(_ reply: Reply) -> StartError {
    switch reply.status {
    case 401: StartError("\(reply.detail) Name a file with a token with --token-file.")
    case 403 where client.token == nil:
      StartError("\(reply.detail) Name a file with an operator's token with --token-file.")
    // A page that is not there, rather than a thing that the page would tell of.
    case 404 where reply.value["type"]?.asString ?? "about:blank" == "about:blank": stranger
    default: StartError(reply.detail)
    }
  }

  /// Something else listens there.
  var stranger: StartError {
    StartError("\(client.address) does not answer like a sidecar. Name its control address with --control.")
  }

  func explain(_ error: ControlError) -> StartError {
    func system(_ code: Int32) -> String { String(cString: strerror(code)) }
    switch error {
    case .unreachable(let code):
      return StartError(
        "\(client.address) cannot be reached: \(system(code)). Is a sidecar running there? "
          + "Start one with tallygate run, or name its control address with --control.")
    case .lost(let code): return StartError("\(client.address) did not answer: \(system(code)).")
    case .cutOff: return StartError("\(client.address) closed the connection before its answer was over.")
    case .notHTTP: return stranger
    }
  }
}

extension JSONValue {
  subscript(key: String) -> JSONValue? { asObject?[key] }
}
