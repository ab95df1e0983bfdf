/// The kill switch on everything that carries a tag: an agent, a user, a session, a task.
package struct SubjectStop: Hashable, Sendable {
  package var subject: Tag
  /// Why, in the words of who stopped it; may be empty.
  package var reason: String
  /// On the wall clock.
  package var since: Instant

  package init(subject: Tag, reason: String, since: Instant) {
    self.subject = subject
    self.reason = reason
    self.since = since
  }

  /// In bytes of UTF-8; what is longer is cut.
  package static let longestReason = 256

  /// Tags that name a line, not somebody who spends.
  package static func isSubject(_ key: String) -> Bool {
    !key.isEmpty
      && ![TagName.id, TagName.reservation, TagName.allocation, TagName.fingerprint, TagName.tokenType, TagName.kind]
        .contains(key)
  }
}

package struct SubjectEvent: Sendable {
  package enum Kind: String, CaseIterable, Sendable { case stop, resume }

  package var kind: Kind
  package var subject: Tag
  package var reason: String
  package var at: Instant
}

package enum StopOutcome: Sendable {
  /// It is stopped now. One that was stopped before keeps its time and takes the new reason.
  case stopped(SubjectStop)
  /// As many subjects are stopped as may be.
  case full
}
