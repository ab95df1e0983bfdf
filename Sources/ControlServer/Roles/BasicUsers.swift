internal import CCrypt
import Glibc
import Hashing
import NIOConcurrencyHelpers

/// Names and bcrypt hashes of those who may read pages, as exporter-toolkit has them.
///
/// A bcrypt takes tens of milliseconds on purpose, so it never runs on the event loop, and only a few may wait. What was
/// right once is remembered by a hash with a key of this process, so that a scraper pays for its first scrape only.
package final class BasicUsers: Sendable {
  package static let mostRemembered = 100
  package static let mostWaiting = 4
  /// Of no password: an unknown name takes as long as a known one.
  private static let nobody = "$2b$10$abcdefghijklmnopqrstuuLk4WQ9/DIkr2CmjGLZKzmXsJfAmVUgu"

  private struct State {
    var remembered: Set<[UInt8]> = []
    var waiting = 0
  }

  private let hashes: [String: String]
  private let key: [UInt8]
  private let state = NIOLockedValueBox(State())

  package init(_ users: [(name: String, hash: String)]) {
    hashes = Dictionary(users.map { ($0.name, $0.hash) }) { $1 }
    key = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
  }

  /// Answers at once what is remembered; anything else is for a thread that may take its time.
  func admit(_ request: HTTPRequest) -> Admission {
    guard let (name, password) = Self.credentials(of: request) else { return Self.unauthorized }
    let mark = mark(name, password)
    let (isRemembered, isFull) = state.withLockedValue { state in
      let isRemembered = state.remembered.contains(mark)
      let isFull = state.waiting >= Self.mostWaiting
      if !isRemembered && !isFull { state.waiting += 1 }
      return (isRemembered, isFull)
    }
    if isRemembered { return .admitted(Caller(name: name, role: .scraper)) }
    guard !isFull else {
      return .refused(
        Problem(status: .serviceUnavailable, detail: "Too many passwords are being checked.")
          .response(headers: [("retry-after", "1")]))
    }
    let turn = Turn(users: self)
    return .later { [self] in
      let isRight = withExtendedLifetime(turn) { verify(name, password) }
      if isRight { remember(mark) }
      return isRight ? .admitted(Caller(name: name, role: .scraper)) : Self.unauthorized
    }
  }

  private func remember(_ mark: [UInt8]) {
    state.withLockedValue { state in
      if state.remembered.count >= Self.mostRemembered { state.remembered.removeFirst() }
      state.remembered.insert(mark)
    }
  }

  /// A place among those that wait; given back with the work, done or thrown away.
  private final class Turn: Sendable {
    private let users: BasicUsers

    init(users: BasicUsers) { self.users = users }

    deinit { users.state.withLockedValue { $0.waiting -= 1 } }
  }

  private func verify(_ name: String, _ password: [UInt8]) -> Bool {
    let known = hashes[name]
    let setting = known ?? Self.nobody
    let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
    memset(data, 0, MemoryLayout<crypt_data>.size)
    defer { data.deallocate() }
    // A NUL would end the password early, and make one of many.
    guard !password.contains(0) else { return false }
    var phrase = password.map { CChar(bitPattern: $0) } + [0]
    guard let result = crypt_r(&phrase, setting, data) else { return false }
    let given = Array(String(cString: result).utf8)
    let wanted = Array(setting.utf8)
    var difference = UInt8(given.count == wanted.count ? 0 : 1)
    for (one, other) in zip(given, wanted) { difference |= one ^ other }
    return known != nil && difference == 0
  }

  private func mark(_ name: String, _ password: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(key)
    for part in [Array(name.utf8), Array((hashes[name] ?? "").utf8), password] {
      withUnsafeBytes(of: UInt64(part.count)) { hash.update($0) }
      hash.update(part)
    }
    return hash.finish()
  }

  private static func credentials(of request: HTTPRequest) -> (String, [UInt8])? {
    guard let header = request.headers["authorization"], header.lowercased().hasPrefix("basic "),
      let bytes = Base64.decode(header.dropFirst("basic ".count).drop { $0 == " " }),
      let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      let name = String(validating: bytes[..<colon], as: UTF8.self)
    else { return nil }
    return (name, Array(bytes[(colon + 1)...]))
  }

  private static var unauthorized: Admission {
    .refused(
      Problem(status: .unauthorized, detail: "This page needs a name and a password.")
        .response(headers: [("www-authenticate", "Basic realm=\"tallygate\"")]))
  }
}
