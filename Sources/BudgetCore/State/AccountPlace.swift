/// Where a stored account went, and where in it what was used then counts now.
struct AccountPlace {
  /// How the stored account's use counts in the window of now.
  enum Carried {
    /// From bucket to bucket by time, from the oldest stored one on; stored buckets were this wide.
    case buckets(oldest: Int64, width: Int64)
    /// The use of the window that started here is in one bucket.
    case bucket(windowStart: Instant, number: Int64)
    /// The use of the window that started here counts in the current window.
    case window(start: Instant)
    /// The use of stored buckets that end after an edge on the wall clock counts in the current window.
    case bucketsAfter(edge: Instant, oldest: Int64, width: Int64)
    case nothing
  }

  var index: Int
  var carried: Carried
}
