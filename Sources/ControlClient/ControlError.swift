/// Why a sidecar did not answer as it should.
package enum ControlError: Error, Hashable {
  /// Nobody listens there: the system's `errno` of the attempt.
  case unreachable(Int32)
  /// The connection was lost, or nothing came in time: the system's `errno`.
  case lost(Int32)
  /// It closed the connection before the answer was over.
  case cutOff
  /// What came is no HTTP/1.1, or more of it than is read.
  case notHTTP
}
