import BudgetCore
import Compression
import ControlServer
import Exposition
import LedgerAccess
import Testing

@Suite("Web pages")
struct WebRoutesTests {
  private let health = Health()

  private func get(_ path: String, method: HTTPMethod = .get, _ headers: [(String, String)] = []) -> Answer {
    let ledger = SharedLedger(Ledger(settings: LedgerSettings(), seed: 1), clock: StandingClock().now)
    let own: [MetricFamily] = [.gauge("own", "Of itself.", 5)]
    let routes = WebRoutes(
      ledger: ledger, health: health, status: .test(ledger), ownFamilies: { own },
      snapshot: { $0 == .json ? Array("{}".utf8) : [1, 2, 3] }
    ).routes
    return Answer(Router(routes).respond(to: HTTPRequest(method: method, path: path, headers: HTTPHeaders(headers))))
  }

  @Test(
    "metrics come in the format that is asked for",
    arguments: [
      ([], false), ([("accept", "*/*")], false), ([("accept", "application/openmetrics-text;version=1.0.0")], true),
      ([("accept", "text/plain;q=0.2"), ("accept", "application/openmetrics-text;version=1.0.0;q=0.5")], true),
    ] as [([(String, String)], Bool)])
  func formats(headers: [(String, String)], openMetrics: Bool) {
    let answer = get("/metrics", headers)
    let format: ExpositionFormat = openMetrics ? .openMetrics : .text
    #expect(answer.status == 200)
    #expect(answer.headers["content-type"] == format.contentType)
    #expect(answer.headers["vary"] == "accept, accept-encoding")
    #expect(answer.headers["content-encoding"] == nil)
    #expect(answer.string.contains("\nown 5\n"))
    #expect(answer.string.hasSuffix("# EOF\n") == openMetrics)
  }

  @Test("gzip only when asked for, and the same page", arguments: ["gzip", "deflate, gzip;q=0.5", "*"])
  func gzip(encoding: String) throws {
    let answer = get("/metrics", [("accept-encoding", encoding)])
    #expect(answer.headers["content-encoding"] == "gzip")
    #expect(try CompressionFormat.gzip.decompress(answer.body, limit: 1 << 20) == get("/metrics").body)
    let plain = get("/metrics", [("accept-encoding", "deflate, gzip;q=0")])
    #expect(plain.headers["content-encoding"] == nil)
    #expect(plain.body == get("/metrics").body)
  }

  @Test(
    "a scrape's time limit may be anything",
    arguments: ["10", "0.5", "nan", "inf", "-1", "0", "", "x", "1e308", "1e-300x", "99999999999999999999", "0x1p3"])
  func scrapeTimeout(value: String) {
    let wanted = get("/metrics", [("x-prometheus-scrape-timeout-seconds", value)]).status
    #expect(wanted == 200)
  }

  @Test("a page that comes after the scraper stopped waiting is not sent")
  func tooLate() {
    #expect(get("/metrics", [("x-prometheus-scrape-timeout-seconds", "0.0001")]).isProblem(503, "about:blank"))
  }

  @Test("probes say whether the sidecar lives and takes work")
  func probes() {
    #expect(get("/-/healthy").status == 200)
    #expect(get("/-/ready").status == 503)
    health.set(ready: true)
    #expect(get("/-/ready").status == 200)
    health.set(ready: false)
    #expect(get("/-/ready").status == 503)
    #expect(get("/-/healthy").status == 200)
  }

  @Test(
    "the snapshot is the file unless JSON is asked for",
    arguments: [
      (nil, false), ("*/*", false), ("application/json", true), ("text/html, application/json;q=0.9", true),
      ("application/json;q=0", false), ("application/octet-stream", false),
    ] as [(String?, Bool)])
  func snapshot(accept: String?, isJSON: Bool) throws {
    let answer = get("/snapshot", accept.map { [("accept", $0)] } ?? [])
    #expect(answer.headers["content-type"] == (isJSON ? "application/json" : "application/octet-stream"))
    #expect(answer.headers["content-encoding"] == (isJSON ? "gzip" : nil))
    #expect(
      try isJSON
        ? CompressionFormat.gzip.decompress(answer.body, limit: 100) == Array("{}".utf8) : answer.body == [1, 2, 3])
  }

  @Test("the web listener has no verbs", arguments: [HTTPMethod.post, .put, .patch, .delete])
  func readOnly(method: HTTPMethod) {
    for path in ["/", "/status", "/metrics", "/snapshot", "/-/healthy", "/-/ready"] {
      #expect(get(path, method: method).status == 405)
      #expect(get(path, method: .head).status != 405)
    }
  }

  @Test("an operator's snapshot answers its size, or why there is none")
  func saveSnapshot() throws {
    struct Failed: Error, CustomStringConvertible { let description = "the disk is full" }
    func answer(_ result: Result<Int, any Error>) -> Answer {
      let routes = OperatorRoutes(
        saveSnapshot: { result.mapError { _ in Failed() } }, reload: { .success((changes: [], warnings: [])) }
      ).routes
      return Answer(
        Router(routes) { _, _ in .admitted(.anyOperator) }.respond(to: HTTPRequest(method: .post, path: "/-/snapshot")))
    }
    #expect(answer(.success(120)).json == (try json(#"{"bytes": 120}"#)))
    let failed = answer(.failure(Failed()))
    #expect(failed.isProblem(503, "about:blank"))
    #expect(try failed.text("detail").contains("the disk is full"))
  }
}
