import BudgetCore
import Compression
package import Exposition
package import LedgerAccess

/// The read-only pages: metrics, health, and the page that people look at.
package struct WebRoutes: Sendable {
  private let ledger: SharedLedger
  private let ownFamilies: @Sendable () -> [MetricFamily]
  private let snapshot: @Sendable (SnapshotForm) -> [UInt8]
  private let health: Health
  private let status: StatusPage
  private let otelNames: Bool

  /// The forms in which `/snapshot` hands out the ledger.
  package enum SnapshotForm: Sendable { case binary, json }

  /// - Parameters:
  ///   - otelNames: whether `/metrics` shows traffic under OpenTelemetry's names too.
  ///   - ownFamilies: what the sidecar tells of itself; asked at each scrape.
  ///   - snapshot: the ledger as a file, or as JSON; without anything that would let its reader act.
  package init(
    ledger: SharedLedger, health: Health, status: StatusPage, otelNames: Bool = false,
    ownFamilies: @escaping @Sendable () -> [MetricFamily],
    snapshot: @escaping @Sendable (SnapshotForm) -> [UInt8]
  ) {
    self.ledger = ledger
    self.health = health
    self.status = status
    self.otelNames = otelNames
    self.ownFamilies = ownFamilies
    self.snapshot = snapshot
  }

  package var routes: [Route] {
    [
      // Big answers: off the loop, so that probes are answered meanwhile.
      // What a counter has shown stays counted: it is kept before it is shown.
      Route(.get, "/metrics", role: .scraper, execution: .offLoop, commits: true) { request, _ in metrics(request) },
      Route(.get, "/snapshot", role: .scraper, execution: .offLoop) { request, _ in snapshot(request) },
    ] + status.routes + health.routes
  }

  /// `GET /metrics`: the format by `Accept`, gzip when `Accept-Encoding` asks for it.
  private func metrics(_ request: HTTPRequest) -> HTTPResponse {
    let start = ContinuousClock.now
    let format = ExpositionFormat(accept: Self.list("accept", request))
    let (view, now) = ledger.view()
    let page = MetricsPage(
      view: view, settings: view.settings, now: now.wall, others: ownFamilies(), includesGenAINames: otelNames)
    var headers = [("content-type", format.contentType), ("vary", "accept, accept-encoding")]
    let body: HTTPResponse.Body
    if MediaRange.acceptsGzip(Self.list("accept-encoding", request)) {
      headers.append(("content-encoding", "gzip"))
      body = .bytes(Self.compressed(page, format))
    } else {
      let holder = PieceHolder()
      page.write(format) { holder.pieces.append($0) }
      body = .pieces(holder.pieces)
    }
    if let limit = scrapeTimeout(request), ContinuousClock.now - start > limit {
      return Problem(status: .serviceUnavailable, detail: "The page took longer than the scraper waits.").response()
    }
    return HTTPResponse(headers: HTTPHeaders(headers), body: body)
  }

  /// A header that is a list may come in several lines (RFC 9110, section 5.3).
  private static func list(_ name: String, _ request: HTTPRequest) -> String {
    request.headers.all(name).joined(separator: ",")
  }

  private static func compressed(_ page: MetricsPage, _ format: ExpositionFormat) -> [UInt8] {
    let stream = StreamHolder()
    page.write(format) { stream.append($0) }
    return stream.finish()
  }

  /// Prometheus says how long it waits; a page that comes later is thrown away, so it need not be sent.
  private func scrapeTimeout(_ request: HTTPRequest) -> Duration? {
    guard let text = request.headers["x-prometheus-scrape-timeout-seconds"], text.utf8.count <= 16,
      let seconds = Double(text), seconds > 0, seconds < 86_400
    else { return nil }
    return .milliseconds(Int64(seconds * 1000))
  }

  /// `GET /snapshot`: the file format, or gzipped JSON by `Accept`.
  private func snapshot(_ request: HTTPRequest) -> HTTPResponse {
    let wantsJSON = Self.list("accept", request).split(separator: ",").map { MediaRange($0) }
      .contains { $0.type == "application/json" && $0.quality > 0 }
    guard wantsJSON else {
      return HTTPResponse(
        headers: HTTPHeaders([
          ("content-type", "application/octet-stream"),
          ("content-disposition", "attachment; filename=\"tallygate.snapshot\""),
        ]), body: .bytes(snapshot(.binary)))
    }
    return HTTPResponse(
      headers: HTTPHeaders([("content-type", "application/json"), ("content-encoding", "gzip")]),
      body: .bytes(CompressionFormat.gzip.compress(snapshot(.json))))
  }
}

/// Pieces that a closure may append to.
private final class PieceHolder {
  var pieces = BodyPieces()
}

/// A compressing stream that a closure may append to.
private final class StreamHolder {
  private var stream: GzipStream? = GzipStream(level: 1)

  func append(_ piece: UnsafeRawBufferPointer) { stream?.append(piece) }

  func finish() -> [UInt8] { stream.take()?.finish() ?? [] }
}
