import Hashing
internal import NIOConcurrencyHelpers
internal import NIOCore

/// Answers requests that come again under the same `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07) as
/// before, without doing again what they ask for.
///
/// What succeeded is remembered for 15 minutes, in memory: a restart forgets it. What was refused did nothing, and is
/// tried again. `POST /v1/usage` has a memory of its own, in the ledger, which a restart keeps.
package final class RepeatedRequests: Sendable {
  package static let most = 1024
  static let lifetime: Duration = .seconds(15 * 60)
  /// Bytes of an answer that is remembered; the largest answers are lists of accounts.
  private static let largestAnswer = 16 << 10

  package typealias Clock = @Sendable () -> ContinuousClock.Instant

  /// Callers do not see each other's keys.
  private struct Name: Hashable {
    let caller: String
    let verb: String
    let key: String
  }

  private struct Entry {
    /// Of the body, so that a key that is used for something else is noticed.
    let fingerprint: [UInt8]
    let since: ContinuousClock.Instant
    /// `nil` while the request is being carried out.
    var answer: HTTPResponse?
  }

  private struct State {
    var entries: [Name: Entry] = [:]
    var order = CircularBuffer<Name>()
  }

  private let now: Clock
  private let state = NIOLockedValueBox(State())

  package init(now: @escaping Clock = { .now }) { self.now = now }

  /// The same route; a request that it has carried out is answered here. Routes that change nothing are left alone.
  package func watching(_ route: Route) -> Route {
    guard route.changesThings, route.title != "POST /v1/usage" else { return route }
    return route.handled { [self] request, parameters in
      do throws(BadRequest) {
        guard let key = try IdempotencyKey(request) else { return route.handler(request, parameters) }
        let name = Name(caller: request.caller.name, verb: "\(request.method) \(request.path)", key: key.text)
        let fingerprint = SHA256.digest(of: request.body)
        if let answer = begin(name, fingerprint) { return answer }
        let answer = route.handler(request, parameters)
        end(name, fingerprint, answer)
        return answer
      } catch {
        return error.response
      }
    }
  }

  /// The answer to a repeated request; `nil` when it is a new one, which is under way from now on.
  private func begin(_ name: Name, _ fingerprint: [UInt8]) -> HTTPResponse? {
    let now = now()
    return state.withLockedValue { state in
      Self.forget(&state, before: now - Self.lifetime, keeping: Self.most)
      guard let entry = state.entries[name] else {
        Self.forget(&state, before: now - Self.lifetime, keeping: Self.most - 1)
        state.entries[name] = Entry(fingerprint: fingerprint, since: now, answer: nil)
        state.order.append(name)
        return nil
      }
      guard entry.fingerprint == fingerprint else {
        return Problem(
          type: ProblemType.reusedKey, title: "Idempotency-Key reused", status: .unprocessableContent,
          detail: "This Idempotency-Key came with another body before. A new request needs a new key."
        ).response()
      }
      return entry.answer
        ?? Problem(status: .conflict, detail: "The request of this Idempotency-Key is being carried out.")
        .response(headers: [("retry-after", "1")])
    }
  }

  private func end(_ name: Name, _ fingerprint: [UInt8], _ answer: HTTPResponse) {
    let isRemembered = answer.status.isSuccess && answer.body.count <= Self.largestAnswer
    state.withLockedValue { state in
      if isRemembered {
        state.entries[name]?.answer = answer
      } else {
        state.entries[name] = nil
        // Else it stays in the order, and is skipped there: what is refused must not push out what was done.
        if state.order.last == name { state.order.removeLast() }
      }
    }
  }

  /// Takes out what is old, and the oldest while there are more than that. O(1) amortised.
  private static func forget(_ state: inout State, before: ContinuousClock.Instant, keeping most: Int) {
    while let oldest = state.order.first {
      let entry = state.entries[oldest]
      guard state.order.count > most || (entry?.since ?? before) <= before else { return }
      state.entries[oldest] = nil
      state.order.removeFirst()
    }
  }
}
