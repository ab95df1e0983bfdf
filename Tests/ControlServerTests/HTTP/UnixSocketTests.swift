import ControlServer
import Glibc
import Testing

extension HTTPServerTests {
  @Suite("HTTP over a Unix socket")
  struct UnixSocketTests {
    private func withPath(_ body: (String) async throws -> Void) async throws {
      var template = Array("/tmp/tallygate-XXXXXX".utf8CString)
      let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
      let path = directory + "/control.sock"
      do {
        try await body(path)
        unlink(path)
        rmdir(directory)
      } catch {
        unlink(path)
        rmdir(directory)
        throw error
      }
    }

    private func mode(of path: String) -> UInt32? {
      var status = stat()
      return lstat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    @Test("a request carries the credentials of its process; the file is private and goes with the server")
    func roundTrip() async throws {
      try await withPath { path in
        try await TestServer.run(at: .unix(path: path)) { test in
          #expect(mode(of: path) == 0o660)
          #expect(test.server.boundAddress == .unix(path: path))
          let client = try RawConnection(path: path)
          let answer = try client.exchange("GET /peer HTTP/1.1\r\nHost: a\r\n\r\n")
          #expect(answer.text == "\(getpid()) \(getuid()) \(getgid())")
        }
        #expect(mode(of: path) == nil)
      }
    }

    @Test("a socket that nobody listens on is replaced")
    func stale() async throws {
      try await withPath { path in
        try leaveStaleSocket(at: path)
        try await TestServer.run(at: .unix(path: path)) { _ in
          let client = try RawConnection(path: path)
          #expect(try client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
        }
      }
    }

    @Test("a socket in use stays, and its server goes on")
    func inUse() async throws {
      try await withPath { path in
        try await TestServer.run(at: .unix(path: path)) { _ in
          #expect(throws: HTTPServerError.addressInUse("unix:\(path)")) {
            _ = try HTTPServer.bind(to: .unix(path: path), router: Router([]))
          }
          let client = try RawConnection(path: path)
          #expect(try client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
        }
      }
    }

    @Test("a file that is no socket is never removed")
    func notASocket() async throws {
      try await withPath { path in
        close(creat(path, 0o600))
        #expect(throws: HTTPServerError.notASocket(path: path)) {
          _ = try HTTPServer.bind(to: .unix(path: path), router: Router([]))
        }
        #expect(mode(of: path) == 0o600)
      }
    }

    private func leaveStaleSocket(at path: String) throws {
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(descriptor) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      try #require(result == 0)
    }
  }
}
