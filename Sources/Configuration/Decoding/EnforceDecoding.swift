import BudgetCore

/// `enforce: { process: my-agent, action: stop, grace: 10s, budgets: [agent-daily] }`
extension ConfigurationDecoder {
  /// - Parameter budgets: those of the file.
  mutating func enforce(_ field: Field?, budgets: [Budget]) -> EnforceSettings {
    var result = EnforceSettings()
    let keys = ["process", "pid_file", "action", "grace", "budgets"]
    guard let field, let section = section(field, keys: keys) else { return result }
    result.process = processName(section["process"])
    result.pidFile = path(section["pid_file"], example: "/run/agent/agent.pid")
    result.action = choice(section["action"])
    result.grace = duration(section["grace"], in: .zero ... .hours(1), example: "10s")
    if section["process"] == nil, section["pid_file"] == nil {
      fail(field, "names no process", "Write for example process: my-agent")
    } else if section["process"] != nil, let file = section["pid_file"] {
      fail(file, "is given besides process", "Remove one of them")
    }
    guard let names = sequence(section["budgets"], atMost: 100, example: "[agent-daily]") else { return result }
    let known = budgets.filter { $0.mode == .enforce }.map(\.name)
    for name in names {
      guard let text = text(name, expected: "the name of a budget", example: "agent-daily") else { continue }
      guard known.contains(text) else {
        let nearest = NearestName.find(text, among: known).map { "Did you mean \($0)?" }
        fail(name, "names no budget in mode enforce", nearest ?? "Name one of budgets")
        continue
      }
      result.budgets = (result.budgets ?? []) + [text]
    }
    return result
  }

  private mutating func processName(_ field: Field?) -> String? {
    let expected = "the file name of a program, without its folder"
    guard let field, let name = text(field, expected: expected, example: "my-agent") else { return nil }
    guard EnforceSettings.isProcessName(name) else { return wrong(field, expected, "my-agent") }
    return name
  }
}

extension EnforceSettings {
  /// Whether a program's file may be named so.
  package static func isProcessName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 255 && !name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(0)
  }
}
