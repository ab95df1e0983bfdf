import BudgetCore

/// What a person reads when the sidecar has started: where to send, scrape and ask, and a line to paste.
struct Welcome {
  let addresses: [(name: String, address: String)]
  let stateDirectory: String?
  let budgets: [Budget]

  var text: String {
    var lines = ["", "Tallygate \(Tallygate.version) is running."]
    func add(_ what: String, _ address: String) { lines.append("  \(what)\(address)") }
    if let udp = reachable("udp") { add("send    ", "usage lines to \(udp) (statsd over UDP)") }
    if let path = address("unixgram") { add("send    ", "usage lines to \(path) (Unix datagrams)") }
    if let web = reachable("web") {
      add("look    ", "http://\(web)/")
      add("scrape  ", "http://\(web)/metrics")
    }
    if let control = reachable("control") { add("ask     ", "http://\(control)/v1/check") }
    add("state   ", stateDirectory ?? "none: what is counted ends with the process (--state.dir keeps it)")
    add("budgets ", budgets.isEmpty ? "none: usage is counted and nothing is limited" : names)
    if let udp = reachable("udp"), let web = reachable("web") {
      let (host, port) = split(udp)
      lines += [
        "", "Try it (bash):",
        "  echo 'tokens:1200|c|#agent:planner,user:alice,model:gpt-4o,kind:output' > /dev/udp/\(host)/\(port); "
          + "sleep 0.2; curl -s http://\(web)/metrics | grep planner",
      ]
    }
    if let control = reachable("control") {
      lines.append(
        "  curl -s http://\(control)/v1/check -d '{\"tags\": {\"agent\": \"planner\", \"model\": \"gpt-4o\"}, "
          + "\"tokens\": {\"input\": 800, \"output\": 200}}'")
    }
    return lines.joined(separator: "\n") + "\n\n"
  }

  private var names: String {
    var names: [String] = []
    for budget in budgets where !names.contains(budget.name) { names.append(budget.name) }
    return names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
  }

  private func address(_ name: String) -> String? { addresses.first { $0.name == name }?.address }

  /// An address that a client on this machine can use: loopback for a listener on every address.
  private func reachable(_ name: String) -> String? {
    guard let address = address(name) else { return nil }
    let (host, port) = split(address)
    return host.isEmpty || host == "0.0.0.0" || host == "[::]" ? "127.0.0.1:\(port)" : address
  }

  private func split(_ address: String) -> (host: String, port: String) {
    guard let colon = address.lastIndex(of: ":") else { return (address, "") }
    return (String(address[..<colon]), String(address[address.index(after: colon)...]))
  }
}
