package import BudgetCore
import JSONText
package import LedgerAccess
import NIOConcurrencyHelpers

/// What a person sees in a browser: `/`, and `/status`, which the page asks for every two seconds.
///
/// Read-only, and for whoever may read `/metrics`. However many look, the ledger is asked at most once for each freshness and
/// window, in steps that hold nobody up.
package struct StatusPage: Sendable {
  /// Events shown.
  private static let events = 20

  private let ledger: SharedLedger
  private let events: EventHub
  private let version: String
  private let start: Instant
  private let freshness: Duration
  private let bounds = OverviewBounds()
  private let document: PageDocument
  /// The answer of each window and when it was made.
  private let kept = NIOLockedValueBox<[LookbackCounters.Lookback: (made: ContinuousClock.Instant, body: [UInt8])]>([:])

  /// - Parameters:
  ///   - start: since when the sidecar runs.
  ///   - freshness: for how long an answer is given again.
  package init(
    ledger: SharedLedger, events: EventHub, version: String, start: Instant, freshness: Duration = .seconds(1)
  ) {
    self.ledger = ledger
    self.events = events
    self.version = version
    self.start = start
    self.freshness = freshness
    document = PageDocument(
      html: PackageResources.page_html, style: PackageResources.page_css, script: PackageResources.page_js)
  }

  var routes: [Route] {
    [
      Route(.get, "/", role: .scraper) { _, _ in page },
      // On the loop, where screens cannot fill the queue that scrapes wait in: it is short, and made once a second.
      Route(.get, "/status", role: .scraper) { request, _ in status(request) },
    ]
  }

  private var page: HTTPResponse {
    HTTPResponse(
      headers: HTTPHeaders([
        ("content-type", "text/html; charset=utf-8"), ("content-security-policy", document.policy),
        ("cache-control", "no-cache"), ("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff"),
      ]), body: .bytes(document.html))
  }

  /// `GET /status?window=1h`: everything that the page shows, as JSON.
  private func status(_ request: HTTPRequest) -> HTTPResponse {
    do throws(BadRequest) {
      try request.requireParameters(among: ["window"])
      let name = request.query["window"] ?? LookbackCounters.Lookback.hour.name
      guard let lookback = LookbackCounters.Lookback(name: name) else {
        let known = LookbackCounters.Lookback.allCases.map(\.name).joined(separator: ", ")
        throw BadRequest("window must be one of \(known).", member: "window")
      }
      var response = HTTPResponse.json(body(over: lookback))
      for (name, value) in [("cache-control", "no-store"), ("x-content-type-options", "nosniff")] {
        response.headers.add(name, value)
      }
      return response
    } catch {
      return error.response
    }
  }

  private func body(over lookback: LookbackCounters.Lookback) -> [UInt8] {
    let now = ContinuousClock.now
    if let (made, body) = kept.withLockedValue({ $0[lookback] }), now - made < freshness { return body }
    let body = render(ledger.overview(bounds, over: lookback), over: lookback)
    kept.withLockedValue { $0[lookback] = (now, body) }
    return body
  }

  private func render(_ overview: Overview, over lookback: LookbackCounters.Lookback) -> [UInt8] {
    var json = JSONWriter(reserving: 1024 * (overview.accounts.count + 4))
    json.beginObject()
    json.key("version")
    json.string(version)
    json.key("started_at")
    json.time(start)
    json.overview(overview, window: lookback.name)
    json.key("events")
    json.beginArray()
    for event in events.latest(Self.events) { json.json(event) }
    json.endArray()
    json.endObject()
    return json.bytes
  }
}
