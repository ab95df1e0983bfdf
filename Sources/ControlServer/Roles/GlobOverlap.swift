/// Whether some text fits both of two globs (`*` any run, `?` any one character).
enum GlobOverlap {
  /// O(one x other).
  static func holds(_ one: String, _ other: String) -> Bool {
    let (a, b) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
    // row[j] after the pass for i: whether what follows i in `a` and j in `b` have a text in common.
    var row = [Bool](repeating: false, count: b.count + 1)
    for i in stride(from: a.count, through: 0, by: -1) {
      let below = row
      for j in stride(from: b.count, through: 0, by: -1) {
        switch (i < a.count ? a[i] : nil, j < b.count ? b[j] : nil) {
        case (nil, nil): row[j] = true
        // A star takes nothing, or what the other side has next.
        case ("*", let next): row[j] = below[j] || (next != nil && row[j + 1])
        case (let next, "*"): row[j] = row[j + 1] || (next != nil && below[j])
        case (nil, _), (_, nil): row[j] = false
        case (let x?, let y?): row[j] = (x == y || x == "?" || y == "?") && below[j + 1]
        }
      }
    }
    return row[0]
  }
}
