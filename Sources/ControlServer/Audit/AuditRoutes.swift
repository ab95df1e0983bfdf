package import Audit
import JSONText

/// `GET /v1/audit`: the latest records, for operators.
package struct AuditRoutes: Sendable {
  private static let mostRecords = 1000
  private let directory: AuditDirectory?

  /// - Parameter directory: `nil` when nothing is kept.
  package init(directory: AuditDirectory?) { self.directory = directory }

  package var routes: [Route] {
    [Route(.get, "/v1/audit", role: .operator, execution: .offLoop) { request, _ in latest(request) }]
  }

  /// `GET /v1/audit?last=100`: an array, the oldest first, each record as its line has it.
  private func latest(_ request: HTTPRequest) -> HTTPResponse {
    do throws(BadRequest) {
      try request.requireParameters(among: ["last"])
    } catch {
      return error.response
    }
    guard let count = Int(request.query["last"] ?? "100"), (1...Self.mostRecords).contains(count) else {
      return BadRequest("last must be a whole number from 1 to \(Self.mostRecords).", member: "last").response
    }
    guard let directory else {
      return Problem(
        status: .notFound, detail: "Nothing is kept without a state directory. Name one with --state.dir."
      ).response()
    }
    var bytes: [UInt8] = [UInt8(ascii: "[")]
    for line in directory.latest(count) {
      if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
      bytes += line
    }
    return .json(bytes + [UInt8(ascii: "]")])
  }
}
