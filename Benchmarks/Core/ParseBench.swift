import BudgetCore
import UsageProtocol

/// Bytes to events, in datagrams of many lines; beside it what somebody writes who has never measured it.
struct ParseBench {
  private let lines: [String]
  private let datagrams: [[UInt8]]

  private static let linesInADatagram = 22

  init(workload: Workload) {
    lines = workload.order.prefix(50_000).map { place in
      let tags = workload.tags[Int(place)].map { "\($0.key):\($0.value)" }.joined(separator: ",")
      return "tokens:\(700 + place % 1000)|c|#\(tags),kind:input"
    }
    datagrams = stride(from: 0, to: lines.count, by: Self.linesInADatagram).map { [lines] first in
      Array(lines[first..<min(first + Self.linesInADatagram, lines.count)].joined(separator: "\n").utf8)
    }
  }

  /// In nanoseconds a line.
  func costs(rounds: Int) -> [Figure] {
    let parser = LineParser(seed: Workload.seed, acceptsObjects: false)
    var batch = EventBatch()
    let parsed = (0..<rounds).map { _ in
      cost {
        for datagram in datagrams {
          datagram.withUnsafeBytes { _ = parser.parse($0, into: &batch) }
          if batch.count >= 2048 { batch.removeAll() }
        }
      }
    }
    precondition(!batch.takeTally().hasRefusals, "a line was refused")
    var amounts: Int64 = 0
    let split = (0..<3).map { _ in
      cost {
        for datagram in datagrams {
          for line in String(decoding: datagram, as: UTF8.self).split(separator: "\n") {
            amounts &+= Self.split(String(line))?.amount ?? 0
          }
        }
      }
    }
    precondition(amounts > 0, "nothing was parsed")
    return [Figure("ns", parsed.median), Figure("split_strings_ns", split.median)]
  }

  private func cost(_ work: () -> Void) -> Double {
    let start = Clock.thread.nanoseconds
    work()
    return Double(Clock.thread.nanoseconds - start) / Double(lines.count)
  }

  private static func split(_ line: String) -> (name: String, amount: Int64, tags: [String: String])? {
    let fields = line.split(separator: "|")
    guard fields.count == 3, fields[1] == "c", fields[2].first == "#" else { return nil }
    let metric = fields[0].split(separator: ":")
    guard metric.count == 2, let amount = Int64(metric[1]) else { return nil }
    var tags: [String: String] = [:]
    for tag in fields[2].dropFirst().split(separator: ",") {
      let parts = tag.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { tags[String(parts[0])] = String(parts[1]) }
    }
    return (String(metric[0]), amount, tags)
  }
}
