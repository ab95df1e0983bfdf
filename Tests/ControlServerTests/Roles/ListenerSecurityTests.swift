import Testing

@testable import ControlServer

@Suite("Web configuration files that change")
struct ListenerSecurityTests {
  private struct Malformed: Error {}

  /// Reads what stands in the file: the value of a field, `tls`, or `malformed`.
  private func security(_ file: TemporaryFile) throws -> ListenerSecurity {
    let path = file.path
    return try ListenerSecurity(file: path) {
      let text = TemporaryFile.content(of: path)
      guard text != "malformed" else { throw Malformed() }
      var content = ListenerSecurity.Content()
      content.headers = [("x-version", text)]
      if text == "tls" { content.tls = TLSSettings(certificateFile: "c", keyFile: "k") }
      return content
    }
  }

  @Test("what a changed file says holds from the next look on")
  func reads() throws {
    let file = TemporaryFile("one")
    let security = try security(file)
    #expect(security.current.headers.map(\.value) == ["one"])
    file.replace("two")
    #expect(security.current.headers.map(\.value) == ["two"])
    file.write("three")
    #expect(security.current.headers.map(\.value) == ["three"])
  }

  @Test("a mistake in it, its absence, or TLS switched on changes nothing", arguments: ["malformed", "tls", ""])
  func keeps(text: String) throws {
    let file = TemporaryFile("one")
    let security = try security(file)
    if text.isEmpty { file.remove() } else { file.replace(text) }
    #expect(security.current.headers.map(\.value) == ["one"])
    #expect(security.current.tls == nil)
    file.replace("two")
    #expect(security.current.headers.map(\.value) == ["two"])
  }

  @Test("a file that cannot be used at the start is an error")
  func start() {
    let file = TemporaryFile("malformed")
    #expect(throws: Malformed.self) { try security(file) }
  }
}
