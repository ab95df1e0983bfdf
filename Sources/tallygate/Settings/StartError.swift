/// Why a command cannot do what it was asked, such as start the sidecar; each line a whole sentence with its remedy.
struct StartError: Error, CustomStringConvertible {
  var lines: [String]

  init(_ line: String) { lines = [line] }

  init(lines: [String]) { self.lines = lines }

  var description: String { lines.map { "error: \($0)" }.joined(separator: "\n") }
}
