import Hashing

/// The status page as it is sent: one document that asks nobody else for anything, and the policy that lets it run nothing
/// but itself.
struct PageDocument: Sendable {
  let html: [UInt8]
  /// `Content-Security-Policy`: its own style and script by their hashes, its own icon, answers of its own listener.
  let policy: String

  /// - Parameter html: with the lines `<style></style>` and `<script></script>`, where style and script go.
  init(html: [UInt8], style: [UInt8], script: [UInt8]) {
    var text = String(decoding: html, as: UTF8.self)
    for (name, content) in [("style", style), ("script", script)] {
      let (start, end) = ("<\(name)>", "</\(name)>")
      let parts = text.split(separator: start + end, omittingEmptySubsequences: false)
      precondition(parts.count == 2, "BUG: the page has no single place for its \(name)")
      text = "\(parts[0])\(start)\(String(decoding: content, as: UTF8.self))\(end)\(parts[1])"
    }
    self.html = Array(text.utf8)
    policy = [
      "default-src 'none'", "style-src \(Self.source(style))", "script-src \(Self.source(script))",
      "img-src data:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")
  }

  private static func source(_ content: [UInt8]) -> String {
    "'sha256-\(Base64.encode(SHA256.digest(of: content)))'"
  }
}
