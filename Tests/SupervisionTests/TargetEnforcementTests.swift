import BudgetCore
import Glibc
import Supervision
import Testing

extension ProcessTests {
  /// Signals real processes, found by a pid file or by the name of a program that only this test runs.
  @Suite("Enforcement against processes")
  struct TargetEnforcementTests {
    /// A folder with a copy of `sleep` under a name of its own, and the processes that were started of it.
    private final class Scene {
      let folder: String
      let name = "tg-\(getpid())-agent"
      private(set) var started: [Int32] = []

      init() {
        var template = Array("/tmp/tallygate-XXXXXX".utf8CString)
        folder = mkdtemp(&template) == nil ? "" : String(decoding: template.dropLast().map { UInt8($0) }, as: UTF8.self)
        symlink("/bin/sleep", program)
      }

      var program: String { "\(folder)/\(name)" }
      var pidFile: String { "\(folder)/pid" }

      deinit {
        for pid in started {
          kill(pid, SIGKILL)
          waitpid(pid, nil, 0)
        }
        unlink(program)
        unlink(pidFile)
        rmdir(folder)
      }

      func start() throws -> Int32 {
        let pid = try Command(arguments: [program, "60"], environment: []).start()
        started.append(pid)
        return pid
      }

      /// Whether it is so, or becomes so in a moment: a signal takes its time.
      func becomes(stopped: Bool, _ pid: Int32) -> Bool {
        for _ in 0..<1_000 {
          if (stateLetter(pid) == "T") == stopped { return true }
          usleep(2_000)
        }
        return false
      }

      private func stateLetter(_ pid: Int32) -> Character? {
        guard let file = fopen("/proc/\(pid)/stat", "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self).split(separator: ") ").last?.first
      }
    }

    private func at(_ seconds: Int64) -> Instant { Instant(seconds: seconds) }

    @Test("a process is asked to end, one that comes after it too, and nobody when the budget lasts")
    func stop() throws {
      let scene = Scene()
      var enforcement = TargetEnforcement(.named(scene.name), action: .stop, grace: .seconds(5))
      let first = try scene.start()
      #expect(enforcement.act(isGone: false, now: at(0)).isEmpty)
      let sent = enforcement.act(isGone: true, now: at(1))
      #expect(sent.map(\.signal) == [SIGTERM, SIGCONT])
      #expect(sent.allSatisfy { $0.pid == first && $0.error == 0 })
      #expect(waitpid(first, nil, 0) == first)
      #expect(enforcement.act(isGone: true, now: at(2)).isEmpty)
      let second = try scene.start()
      #expect(enforcement.act(isGone: true, now: at(3)).map(\.pid) == [second, second])
    }

    @Test("a pause ends with its cause, and with whoever made it")
    func pause() throws {
      let scene = Scene()
      var enforcement = TargetEnforcement(.named(scene.name), action: .pause, grace: .zero)
      let pid = try scene.start()
      for _ in 0..<2 {
        #expect(enforcement.act(isGone: true, now: at(0)).map(\.signal) == [SIGSTOP])
        #expect(scene.becomes(stopped: true, pid))
        #expect(enforcement.act(isGone: false, now: at(1)).map(\.signal) == [SIGCONT])
        #expect(scene.becomes(stopped: false, pid))
        #expect(!enforcement.isBusy)
      }
      _ = enforcement.act(isGone: true, now: at(2))
      let released = enforcement.release()
      #expect(released.map(\.pid) == [pid])
      #expect(released.map(\.signal) == [SIGCONT])
      #expect(scene.becomes(stopped: false, pid))
    }

    @Test(
      "a pid file never means this process, nor process 1, nor nonsense", arguments: ["1", "0", "-5", "x", "", "own"])
    func refusedTargets(text: String) throws {
      let scene = Scene()
      let file = try #require(fopen(scene.pidFile, "w"))
      fputs(text == "own" ? "\(getpid())\n" : text, file)
      fclose(file)
      #expect(ProcessTarget.pidFile(scene.pidFile).find().isEmpty)
      #expect(ProcessTarget.pidFile(scene.folder + "/none").find().isEmpty)
    }

    @Test("a pid file means the process that it names")
    func pidFile() throws {
      let scene = Scene()
      let pid = try scene.start()
      let file = try #require(fopen(scene.pidFile, "w"))
      fputs("\(pid)\n", file)
      fclose(file)
      var enforcement = TargetEnforcement(.pidFile(scene.pidFile), action: .kill, grace: .zero)
      #expect(enforcement.act(isGone: true, now: at(0)).map(\.signal) == [SIGKILL])
      #expect(waitpid(pid, nil, 0) == pid)
    }
  }
}
