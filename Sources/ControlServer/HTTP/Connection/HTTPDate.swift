internal import Glibc

/// The `Date` field, rendered once a second.
struct HTTPDate {
  private var second: time_t = -1
  private var text: [UInt8] = []

  /// The current date as RFC 9110 writes it, such as "Sun, 06 Nov 1994 08:49:37 GMT".
  mutating func current() -> [UInt8] {
    let now = time(nil)
    if now != second {
      second = now
      text = Array(Self.render(now).utf8)
    }
    return text
  }

  static func render(_ seconds: time_t) -> String {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(Int(parts.tm_year) + 1900)"
    return "\(days[Int(parts.tm_wday)]), \(date) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }
}
