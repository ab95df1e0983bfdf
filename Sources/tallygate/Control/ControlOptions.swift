import ArgumentParser
import Configuration
import ControlClient

/// Which sidecar to ask, and with which token.
struct ControlOptions: ParsableArguments {
  @Option(
    name: [.customLong("control"), .customLong("control.address")],
    help: ArgumentHelp(
      "Where the sidecar's control endpoint is. (environment: TALLYGATE_CONTROL; default: 127.0.0.1:9466)",
      valueName: "host:port or unix:path"))
  var address: String?

  @Option(
    name: [.customLong("token-file"), .customLong("control.token-file")],
    help: ArgumentHelp(
      "A file whose first line is a token, where the sidecar wants one. (environment: TALLYGATE_TOKEN_FILE)",
      valueName: "file"))
  var tokenFile: String?

  func sidecar(_ environment: Environment = .current) throws(StartError) -> RemoteSidecar {
    RemoteSidecar(ControlClient(try address(environment), token: try token(environment)))
  }

  private func address(_ environment: Environment) throws(StartError) -> ControlAddress {
    guard let text = address ?? environment[flag: "control"], !text.isEmpty else { return .standard }
    guard let address = ControlAddress(text) else {
      throw StartError(
        "--control: \"\(text)\" is no address. Write for example 127.0.0.1:9466 or unix:/run/tallygate/control.sock.")
    }
    return address
  }

  private func token(_ environment: Environment) throws(StartError) -> String? {
    guard let file = tokenFile ?? environment[flag: "token-file"], !file.isEmpty else { return nil }
    guard let bytes = try? BoundedFile.read(file, limit: 64 << 10, regular: false),
      let line = bytes.split(separator: UInt8(ascii: "\n")).first, line.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw StartError("--token-file \(file): no token can be read there.") }
    return String(decoding: line, as: UTF8.self)
  }
}

/// How a command that asks a sidecar prints what it hears.
struct OutputOption: ParsableArguments {
  @Option(help: "How to print the answer: text or json.")
  var output = OutputFormat.text
}

extension ParsableCommand {
  /// Says what went wrong, and exits with 1.
  func reporting(_ body: () throws(StartError) -> Void) throws {
    do throws(StartError) {
      try body()
    } catch {
      StandardError.write(error.description + "\n")
      throw ExitCode(1)
    }
  }
}
