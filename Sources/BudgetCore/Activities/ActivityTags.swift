/// Tags that tell activities apart.
extension TagName {
  /// A batch of items, with progress.
  package static let job = "job"
  package static let session = "session"
  package static let task = "task"
  /// Where a task stands: a value other than the one before counts as a step.
  package static let step = "step"
  /// What a call is about, as its sender sees it: calls with the same one are identical. Never a label.
  package static let fingerprint = "fingerprint"
}

extension Tag {
  /// Whether it belongs to a line rather than to who sends it, so that no route can be kept for its spelling.
  var isOfOneCall: Bool {
    key == TagName.id || key == TagName.reservation || key == TagName.fingerprint || isAllocation
  }
}

extension TagSet {
  /// The same without the tag that differs from call to call.
  var withoutFingerprint: TagSet { removing(TagName.fingerprint) }
}
