/// One condition of a budget's `match`: a tag whose value fits a glob (`*` any run, `?` any one character).
package struct TagPattern: Hashable, Sendable {
  package var key: String
  package var glob: String

  package init(key: String, glob: String) {
    self.key = key
    self.glob = glob
  }

  /// Whether the value fits; O(value x stars), no recursion.
  package func matches(_ value: String) -> Bool {
    let pattern = Array(glob.unicodeScalars)
    let text = Array(value.unicodeScalars)
    var p = 0
    var t = 0
    var star: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = star {
        p = last.pattern + 1
        t = last.text + 1
        star = (last.pattern, t)
      } else {
        return false
      }
    }
    while p < pattern.count, pattern[p] == "*" { p += 1 }
    return p == pattern.count
  }
}
