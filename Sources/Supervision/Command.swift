import CLinux
import Glibc

/// A command to start.
package struct Command: Sendable {
  /// The program, looked up in PATH unless it has a slash, and its arguments. At least the program.
  package var arguments: [String]
  /// `NAME=value` each.
  package var environment: [String]
  /// What its standard output goes to; `nil`: where the caller's goes.
  package var standardOutput: Int32?
  /// A descriptor of the caller, and the number that the command finds it at (3 or more).
  package var usage: (descriptor: Int32, number: Int32)?
  /// The terminal that the command is to have for itself.
  package var terminal: Int32?

  package init(arguments: [String], environment: [String]) {
    self.arguments = arguments
    self.environment = environment
  }

  /// The caller's environment, with these variables set.
  package static func environment(setting variables: [(name: String, value: String)]) -> [String] {
    var all: [String] = []
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if !variables.contains(where: { pair.hasPrefix($0.name + "=") }) { all.append(pair) }
      entry += 1
    }
    return all + variables.map { "\($0.name)=\($0.value)" }
  }

  /// Starts it in a process group of its own, whose number is that of the process.
  ///
  /// The calling thread has to live as long as the command: when it ends, the command is sent SIGTERM.
  package func start() throws(SpawnError) -> Int32 {
    let argumentTexts = arguments.map { strdup($0) } + [nil]
    let environmentTexts = environment.map { strdup($0) } + [nil]
    defer { for text in argumentTexts + environmentTexts { free(text) } }
    let pid = argumentTexts.withUnsafeBufferPointer { arguments in
      environmentTexts.withUnsafeBufferPointer { environment in
        var command = clinux_command(
          arguments: arguments.baseAddress, environment: environment.baseAddress,
          standard_output: standardOutput ?? -1, usage_write: usage?.descriptor ?? -1,
          usage_number: usage?.number ?? -1, terminal: terminal ?? -1)
        return clinux_spawn(&command)
      }
    }
    guard pid > 0 else { throw SpawnError(program: arguments.first ?? "", code: -pid) }
    return pid
  }
}

/// A command that could not be started.
package struct SpawnError: Error, CustomStringConvertible {
  package var program: String
  /// The system's `errno`.
  package var code: Int32

  package var description: String { "\(program) cannot be started: \(String(cString: strerror(code)))" }

  /// What shells exit with: 127 for a program that is not there, 126 for one that cannot be run.
  package var exitCode: Int32 { code == ENOENT ? 127 : 126 }
}
