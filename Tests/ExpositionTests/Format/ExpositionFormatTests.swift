import Exposition
import Testing

@Suite("Negotiation of formats")
struct ExpositionFormatTests {
  private static let prometheus2 =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
  private static let prometheus3 =
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    + "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
    + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
  private static let prometheus2WithoutOpenMetrics = "text/plain;version=0.0.4;q=1,*/*;q=0.1"
  private static let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
  private static let java = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
  private static let protobuf =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,"
    + "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.1"

  @Test(
    "a scraper gets the format it prefers",
    arguments: [
      (prometheus2, .openMetrics), (prometheus3, .openMetrics), (protobuf, .openMetrics),
      (prometheus2WithoutOpenMetrics, .text), (browser, .text), (java, .text),
      ("*/*", .text), ("text/*", .text), ("text/plain", .text), ("text/plain; version=0.0.4", .text),
      ("application/openmetrics-text", .openMetrics), ("application/openmetrics-text; version=0.0.1", .openMetrics),
      ("APPLICATION/OpenMetrics-Text ; VERSION=\"1.0.0\" ; Q=0.9", .openMetrics),
      ("application/openmetrics-text;version=2.0.0", .text),
      ("application/openmetrics-text;version=2.0.0,application/openmetrics-text;version=1.0.0;q=0.1", .openMetrics),
      ("application/openmetrics-text;q=0", .text), ("application/openmetrics-text;q=0.000", .text),
      ("application/openmetrics-text;q=0.001", .openMetrics),
      ("application/openmetrics-text;q=0.4,text/plain;q=0.5", .text),
      ("text/plain;q=0.5,application/openmetrics-text;q=0.5", .openMetrics),
      ("text/plain,application/openmetrics-text;q=0.999", .text),
      ("application/openmetrics-text;q=0.5,*/*", .text),
    ] as [(String, ExpositionFormat)])
  func negotiates(header: String, expected: ExpositionFormat) {
    #expect(ExpositionFormat(accept: header) == expected)
  }

  @Test(
    "a header that says nothing of use gives text",
    arguments: [
      nil, "", ",", ";", ";;;q", ",;,=;", "application/openmetrics-text;q=", "application/openmetrics-text;q=nan",
      "application/openmetrics-text;q=-1", "application/openmetrics-text;q=0.1234", "application/openmetrics-text;q=2",
      "application/openmetrics-text;q=0.٣", "openmetrics", "\u{0}\u{7F}é", "application/openmetrics-text/1.0",
      String(repeating: "a,", count: 5000),
    ])
  func garbage(header: String?) {
    #expect(ExpositionFormat(accept: header) == .text)
  }

  @Test("each format names its version and character set")
  func contentTypes() {
    #expect(ExpositionFormat.text.contentType == "text/plain; version=0.0.4; charset=utf-8")
    #expect(
      ExpositionFormat.openMetrics.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
  }

  @Test(
    "gzip is sent only to those who ask for it",
    arguments: [
      (nil, false), ("", false), ("identity", false), ("deflate", false), ("br", false), ("gzipp", false),
      ("gzip", true), ("GZIP", true), ("x-gzip", true), ("gzip, deflate, br", true), ("deflate, gzip;q=1.0", true),
      ("gzip;q=0", false), ("gzip;q=0.0, *", false), ("gzip;q=0.001", true), ("*", true), ("*;q=0", false),
      ("identity;q=1, *;q=0", false), ("*;q=0, gzip", true), (" gzip ;q= 0.5", true), ("gzip;q=x", false),
    ] as [(String?, Bool)])
  func gzip(header: String?, expected: Bool) {
    #expect(MediaRange.acceptsGzip(header) == expected)
  }
}
