import ControlServer
import Testing

extension HTTPServerTests {
  @Suite("TLS")
  struct TLSTests {
    @Test("TLS that cannot be spoken is an error that says why, also in a build without it")
    func unusable() async throws {
      var content = ListenerSecurity.Content()
      content.tls = TLSSettings(certificateFile: "/nonexistent/tls.crt", keyFile: "/nonexistent/tls.key")
      var told = ""
      do throws(HTTPServerError) {
        let server = try HTTPServer.bind(
          to: .tcp(host: "127.0.0.1", port: 0), security: ListenerSecurity(content), router: Router([]))
        await server.shutdown(within: .seconds(1))
      } catch {
        told = error.description
      }
      #expect(told.hasPrefix("TLS cannot be served: "))
      #if !TLS
        #expect(told == "TLS cannot be served: this binary was built without TLS.")
      #endif
    }
  }
}
