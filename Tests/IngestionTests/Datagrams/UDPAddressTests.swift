import Testing

@testable import Ingestion

@Suite("Addresses to receive on")
struct UDPAddressTests {
  @Test(
    "an address is read and shown",
    arguments: [
      ("127.0.0.1:8125", "127.0.0.1:8125"), ("0.0.0.0:0", "0.0.0.0:0"), ("[::1]:8125", "[::1]:8125"),
      ("[2001:db8:0:0::1]:65535", "[2001:db8::1]:65535"), (":8125", "[::]:8125"), ("[::]:1", "[::]:1"),
      ("localhost:8125", "127.0.0.1:8125"), ("127.0.0.1:08125", "127.0.0.1:8125"),
    ])
  func reads(text: String, shown: String) throws {
    #expect(try UDPAddress(text).description == shown)
  }

  @Test(
    "what is not an address is refused with its text",
    arguments: [
      "", "8125", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1:٣",
      "::1:8125", "[::1]", "[::1:8125", "[]:1", "example.com:8125", "256.0.0.1:1", "[127.0.0.1]:1", "a\u{0}b:1",
      "[::1\u{0}]:1",
    ])
  func refuses(text: String) {
    let error = #expect(throws: IngestionError.self) { try UDPAddress(text) }
    #expect(error?.description.contains("'\(text)'") == true)
  }
}
