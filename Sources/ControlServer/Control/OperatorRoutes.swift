import JSONText

/// The verbs that change or keep things: an operator's.
package struct OperatorRoutes: Sendable {
  private let saveSnapshot: @Sendable () -> Result<Int, any Error>
  private let reload: @Sendable () -> Result<(changes: [String], warnings: [String]), any Error>

  /// - Parameters:
  ///   - saveSnapshot: writes a snapshot and returns its size in bytes.
  ///   - reload: reads the configuration again and returns what changed and what could not be taken over, in sentences.
  package init(
    saveSnapshot: @escaping @Sendable () -> Result<Int, any Error>,
    reload: @escaping @Sendable () -> Result<(changes: [String], warnings: [String]), any Error>
  ) {
    self.saveSnapshot = saveSnapshot
    self.reload = reload
  }

  package var routes: [Route] {
    [
      Route(.post, "/-/snapshot", role: .operator, execution: .offLoop) { _, _ in snapshot() },
      Route(.post, "/-/reload", role: .operator, execution: .offLoop) { _, _ in reloadNow() },
    ]
  }

  /// `POST /-/reload`: 200 when the new configuration is in use; with an error in it the one before goes on.
  private func reloadNow() -> HTTPResponse {
    switch reload() {
    case .success(let (changes, warnings)):
      var json = JSONWriter()
      json.beginObject()
      for (name, sentences) in [("changes", changes), ("warnings", warnings)] {
        json.key(named: name)
        json.beginArray()
        for sentence in sentences { json.string(sentence) }
        json.endArray()
      }
      json.endObject()
      return .json(json.bytes)
    case .failure(let error):
      return Problem(
        status: .internalServerError, detail: "The configuration was not reloaded; the one before goes on. \(error)"
      ).response()
    }
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
