import Glibc

/// The environment variables of flags: `--udp.listen-address` is `TALLYGATE_UDP_LISTEN_ADDRESS`.
struct Environment: Sendable {
  private let values: [String: String]

  init(_ values: [String: String]) { self.values = values }

  static var current: Environment {
    var values: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let equals = pair.firstIndex(of: "="), pair.hasPrefix("TALLYGATE_") {
        values[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
      }
      entry += 1
    }
    return Environment(values)
  }

  static func name(of flag: String) -> String {
    "TALLYGATE_" + flag.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
  }

  subscript(flag flag: String) -> String? { values[Self.name(of: flag)] }
}
