/// Where usage came from: the metrics' label `source`.
package enum UsageSource: UInt8, CaseIterable, Sendable {
  case udp
  case unixgram
  case stdin
  case http

  /// The value of the label.
  package var name: String {
    switch self {
    case .udp: "udp"
    case .unixgram: "unixgram"
    case .stdin: "stdin"
    case .http: "http"
    }
  }
}
