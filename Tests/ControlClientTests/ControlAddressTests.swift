import ControlClient
import Testing

@Suite("Control addresses")
struct ControlAddressTests {
  @Test(
    "an address is read as people write it",
    arguments: [
      ("127.0.0.1:9466", "127.0.0.1:9466"), (":9466", "127.0.0.1:9466"), ("localhost:1", "127.0.0.1:1"),
      ("[::1]:9466", "[::1]:9466"), ("http://10.0.0.1:80", "10.0.0.1:80"), ("http://[::1]:80/", "[::1]:80"),
      ("unix:/run/t.sock", "unix:/run/t.sock"),
    ])
  func reads(text: String, shown: String) { #expect(ControlAddress(text)?.description == shown) }

  @Test(
    "anything else is none",
    arguments: [
      "", "9466", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "::1:9466", "example.org:80", "unix:",
      "https://127.0.0.1:1", "127.0.0.1:+1", "unix:" + String(repeating: "a", count: 108),
    ])
  func refuses(text: String) { #expect(ControlAddress(text) == nil) }

  @Test("parts of a path and a query are escaped")
  func escapes() {
    #expect(PercentEncoding.text("a/b c%ü~") == "a%2Fb%20c%25%C3%BC~")
    #expect(PercentEncoding.query([("by", "a&b"), ("top", "1")]) == "?by=a%26b&top=1")
    #expect(PercentEncoding.query([]) == "")
  }
}
