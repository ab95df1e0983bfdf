import ControlServer
import Testing

@Suite("Listen address")
struct HTTPListenAddressTests {
  @Test(
    "an address is read as users write it",
    arguments: [
      ("127.0.0.1:9466", HTTPListenAddress.tcp(host: "127.0.0.1", port: 9466)),
      (":9465", .tcp(host: "", port: 9465)), ("[::1]:0", .tcp(host: "::1", port: 0)),
      ("localhost:80", .tcp(host: "127.0.0.1", port: 80)), ("unix:/run/a.sock", .unix(path: "/run/a.sock")),
    ])
  func reads(text: String, address: HTTPListenAddress) throws {
    #expect(try HTTPListenAddress(parsing: text) == address)
  }

  @Test(
    "what is no address is refused with what would be one",
    arguments: [
      "", ":", "9465", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "::1:80",
      "[127.0.0.1]:80", "[::1]", "host.example:80", "300.1.1.1:80", "unix:", "[]:1",
      "unix:/" + String(repeating: "a", count: 107),
    ])
  func refuses(text: String) {
    #expect(throws: HTTPServerError.self) { try HTTPListenAddress(parsing: text) }
  }
}
