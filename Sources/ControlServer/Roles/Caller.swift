import BudgetCore

/// Who sends a request, as its credential says.
package struct Caller: Sendable {
  /// Where a caller is told of: the name of a token, `uid:1000`, or `anonymous`.
  package var name: String
  /// The most that the credential allows.
  package var role: Role
  /// For whom it may speak; `nil` is for everybody.
  package var binding: TagBinding?

  package init(name: String, role: Role, binding: TagBinding? = nil) {
    self.name = name
    self.role = role
    self.binding = binding
  }

  /// Somebody without a credential, where none is asked for.
  package static let anonymous = Caller(name: "anonymous", role: .agent)

  /// The refusal of tags that are not this caller's, or nil.
  /// - Parameter partial: whether a bound tag may be absent, because the request has no place for it.
  func refusal(of tags: @autoclosure () -> [Tag], partial: Bool = false) -> HTTPResponse? {
    guard let binding, let violation = binding.violation(in: tags(), partial: partial) else { return nil }
    return Problem(
      type: ProblemType.foreignIdentity, title: "Not your identity", status: .forbidden,
      detail: "The token \(name) speaks for \(binding): \(violation)."
    ).response()
  }
}

/// What the gatekeeper says to a request.
package enum Admission: Sendable {
  case admitted(Caller)
  case refused(HTTPResponse)
}
