/// Finds the name that someone may have meant.
enum NearestName {
  /// The candidate that differs in the fewest letters, if they are few; case, `_` and `-` do not count.
  ///
  /// Two letters next to each other that changed places count once. O(candidates x length²), lengths up to 64.
  static func find(_ name: String, among candidates: [String]) -> String? {
    let wanted = letters(name)
    guard (1...64).contains(wanted.count) else { return nil }
    let most = wanted.count < 5 ? 1 : max(2, wanted.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let distance = distance(wanted, letters(candidate))
      if distance < best?.distance ?? (most + 1) { best = (candidate, distance) }
    }
    return best?.name
  }

  private static func letters(_ name: String) -> [Unicode.Scalar] {
    name.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" }
  }

  /// Optimal string alignment distance.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var older: [Int] = []
    var previous = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var current = [i + 1]
      for (j, b) in right.enumerated() {
        var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a == b ? 0 : 1))
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { cost = min(cost, older[j - 1] + 1) }
        current.append(cost)
      }
      older = previous
      previous = current
    }
    return previous[right.count]
  }
}
