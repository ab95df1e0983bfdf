// Subjects that are stopped get nothing granted, whatever their budgets say, until they are resumed. What they use all
// the same is counted.
extension Ledger {
  package static let maximumStops = 1000

  /// Acts on the next decision. A subject need not be known yet. O(1).
  @discardableResult
  package mutating func stopSubject(_ subject: Tag, reason: String, now: Moment) -> StopOutcome {
    let words = Self.cut(reason)
    if stops[subject] != nil {
      if !words.isEmpty { stops[subject]?.reason = words }
      return .stopped(stops[subject]!)
    }
    guard stops.count < Self.maximumStops else { return .full }
    let stop = SubjectStop(subject: subject, reason: words, since: now.wall)
    stops[subject] = stop
    post(.subject(SubjectEvent(kind: .stop, subject: subject, reason: words, at: now.wall)))
    return .stopped(stop)
  }

  /// The stop that ended; `nil` when the subject was not stopped.
  package mutating func resumeSubject(_ subject: Tag, now: Moment) -> SubjectStop? {
    guard let stop = stops.removeValue(forKey: subject) else { return nil }
    post(.subject(SubjectEvent(kind: .resume, subject: subject, reason: stop.reason, at: now.wall)))
    return stop
  }

  /// Every stopped subject, the longest stopped first.
  package var stoppedSubjects: [SubjectStop] {
    stops.values.sorted {
      ($0.since, $0.subject.key, $0.subject.value) < ($1.since, $1.subject.key, $1.subject.value)
    }
  }

  /// The stop that keeps a request with these tags from being granted. O(tags), nothing while nobody is stopped.
  func stop(of tags: TagSet) -> SubjectStop? {
    guard !stops.isEmpty else { return nil }
    for tag in tags.tags {
      if let stop = stops[tag] { return stop }
    }
    return nil
  }

  static func cut(_ reason: String) -> String {
    guard reason.utf8.count > SubjectStop.longestReason else { return reason }
    var kept = ""
    for character in reason.unicodeScalars {
      guard kept.utf8.count + String(character).utf8.count <= SubjectStop.longestReason else { break }
      kept.unicodeScalars.append(character)
    }
    return kept
  }
}
