import CLinux
import Glibc
import Supervision
import Testing

extension ProcessTests {
  /// Starts real commands.
  @Suite("Commands")
  struct CommandTests {
    private func end(of pid: Int32) -> ChildChange? {
      for _ in 0..<2_000 {
        if let (changed, change) = ChildChange.next(), changed == pid { return change }
        usleep(2_000)
      }
      return nil
    }

    @Test("a command's status is its own, and a signal's number is added to 128")
    func status() throws {
      let seven = try Command(arguments: ["sh", "-c", "exit 7"], environment: ["PATH=/usr/bin:/bin"]).start()
      #expect(end(of: seven) == .exited(status: 7))
      let killed = try Command(arguments: ["sh", "-c", "kill -TERM $$"], environment: ["PATH=/usr/bin:/bin"]).start()
      let change = end(of: killed)
      #expect(change == .killed(signal: SIGTERM))
      #expect(change?.exitCode == 143)
    }

    @Test("a command leads a group of its own")
    func group() throws {
      let pid = try Command(arguments: ["sleep", "60"], environment: []).start()
      #expect(getpgid(pid) == pid)
      ProcessFamily(leader: pid).forward(SIGKILL)
      #expect(end(of: pid) == .killed(signal: SIGKILL))
    }

    @Test(
      "what cannot be started says why",
      arguments: [("no-such-program-at-all", ENOENT, Int32(127)), ("/etc/passwd", EACCES, 126), ("/", EACCES, 126)])
    func failures(program: String, code: Int32, exitCode: Int32) {
      let error = #expect(throws: SpawnError.self) { try Command(arguments: [program], environment: []).start() }
      #expect(error?.code == code)
      #expect(error?.exitCode == exitCode)
    }

    @Test("a command finds the descriptor and the variables that it was given")
    func inheritance() throws {
      var ends: [Int32] = [0, 0]
      #expect(clinux_pipe(&ends) == 0)
      var command = Command(
        arguments: ["sh", "-c", "printf '%s %s' \"$WORD\" \"$HOME\" >&5"],
        environment: Command.environment(setting: [("WORD", "seen"), ("HOME", "/nowhere")]))
      command.usage = (ends[1], 5)
      let pid = try command.start()
      close(ends[1])
      #expect(end(of: pid) == .exited(status: 0))
      var bytes = [UInt8](repeating: 0, count: 64)
      let count = read(ends[0], &bytes, bytes.count)
      close(ends[0])
      #expect(String(decoding: bytes[..<max(0, count)], as: UTF8.self) == "seen /nowhere")
    }

    @Test("a handle means one process, until it has ended")
    func handle() throws {
      let pid = try Command(arguments: ["sleep", "60"], environment: []).start()
      let handle = try #require(ProcessHandle(pid))
      #expect(handle.isAlive)
      #expect(handle.signal(SIGKILL) == 0)
      #expect(end(of: pid) == .killed(signal: SIGKILL))
      #expect(!handle.isAlive)
      #expect(handle.signal(SIGKILL) == ESRCH)
      #expect(ProcessHandle(pid) == nil)
    }
  }
}
