import JSONText

/// The verbs that change or keep things: an operator's.
package struct OperatorRoutes: Sendable {
  private let saveSnapshot: @Sendable () -> Result<Int, any Error>

  /// - Parameter saveSnapshot: writes a snapshot and returns its size in bytes.
  package init(saveSnapshot: @escaping @Sendable () -> Result<Int, any Error>) { self.saveSnapshot = saveSnapshot }

  package var routes: [Route] {
    [Route(.post, "/-/snapshot", role: .operator, execution: .offLoop) { _, _ in snapshot() }]
  }

  /// `POST /-/snapshot`: writes one now, and answers when it is on the disk.
  private func snapshot() -> HTTPResponse {
    switch saveSnapshot() {
    case .success(let size):
      var json = JSONWriter()
      json.beginObject()
      json.key("bytes")
      json.int(size)
      json.endObject()
      return .json(json.bytes)
    case .failure(let error):
      return Problem(status: .serviceUnavailable, detail: "The snapshot was not written: \(error)").response()
    }
  }
}
