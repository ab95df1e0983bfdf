package import BudgetCore

/// For whom a credential may speak: the values that some tags may have, as globs.
package struct TagBinding: Hashable, Sendable, CustomStringConvertible {
  /// Not empty; keys are distinct.
  private let bound: [Bound]

  private struct Bound: Hashable, Sendable {
    var key: String
    var patterns: [TagPattern]
  }

  /// Tags that name a call or a hold and not somebody, and the word that names the token.
  private static let unbindable: Set<String> = [
    TagName.id, TagName.reservation, TagName.allocation, TagName.tokenType, TagName.kind, "name",
  ]

  /// Reads words such as `agent=researcher` and `user=alice,team-*`; `nil` when one of them is none, or none is there.
  package init?(words: [Substring]) {
    var bound: [Bound] = []
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else { return nil }
      let key = String(parts[0])
      let globs = parts[1].split(separator: ",", omittingEmptySubsequences: false)
      guard !globs.contains(where: \.isEmpty), !Self.unbindable.contains(key), !bound.contains(where: { $0.key == key })
      else { return nil }
      bound.append(Bound(key: key, patterns: globs.map { TagPattern(key: key, glob: String($0)) }))
    }
    guard !bound.isEmpty else { return nil }
    self.bound = bound
  }

  /// What is wrong with tags, as the end of a sentence; `nil` when they fit.
  ///
  /// A bound tag that is absent does not fit: usage without a user would be charged to no user's budget. Every value
  /// of a repeated tag has to fit, so that it does not matter which one counts.
  package func violation(in tags: [Tag], partial: Bool = false) -> String? {
    for bound in bound {
      var isThere = false
      for tag in tags where tag.key == bound.key && !tag.value.isEmpty {
        isThere = true
        guard bound.patterns.contains(where: { $0.matches(tag.value) }) else {
          return "\(bound.key) \(tag.value.prefix(64)) is somebody else"
        }
      }
      if !isThere && !partial { return "the tag \(bound.key) is missing" }
    }
    return nil
  }

  /// Whether it says anything of that tag.
  func names(_ key: String) -> Bool { bound.contains { $0.key == key } }

  /// The tags that it binds.
  var keys: [String] { bound.map(\.key) }

  /// Whether tags that fit this can fit those conditions too.
  func overlaps(_ conditions: [TagPattern]) -> Bool {
    conditions.allSatisfy { condition in
      guard let mine = bound.first(where: { $0.key == condition.key }) else { return true }
      return mine.patterns.contains { GlobOverlap.holds($0.glob, condition.glob) }
    }
  }

  /// As the token file writes it.
  package var description: String {
    bound.map { "\($0.key)=\($0.patterns.map(\.glob).joined(separator: ","))" }.joined(separator: " ")
  }
}
