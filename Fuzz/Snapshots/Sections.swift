import BudgetCore
import FuzzLedger
import Snapshots

/// A snapshot's content of sections that the fuzzer filled, and of empty ones where it left any out.
///
/// Each is two bytes of its number and length (low byte first: five bits, eleven bits) and what it holds.
struct Sections {
  private static let names = [
    "name", "seri", "acct", "limt", "subj", "resv", "scop", "dupl", "tall", "cntr", "unpr", "pool", "esti", "acti",
    "anom", "zzzz",
  ]
  /// The shortest content of each that has to be there.
  private static let empty: [String: [UInt8]] = [
    "name": [0, 0], "seri": [], "acct": [], "resv": [0, 0], "scop": [], "dupl": [UInt8](repeating: 0, count: 11),
    "tall": [], "cntr": [], "unpr": [0],
  ]

  private var content: [UInt8] = []

  init(_ bytes: [UInt8]) {
    var left = bytes[...]
    var seen: Set<String> = []
    while left.count >= 2 {
      let head = Int(left.removeFirst()) | Int(left.removeFirst()) << 8
      let name = Self.names[(head & 0x1F) % Self.names.count]
      let body = left.prefix(head >> 5)
      left = left.dropFirst(body.count)
      append(name, body)
      seen.insert(name)
    }
    for (name, body) in Self.empty where !seen.contains(name) { append(name, body[...]) }
  }

  private mutating func append(_ name: String, _ body: ArraySlice<UInt8>) {
    content += name.utf8
    withUnsafeBytes(of: UInt64(body.count).littleEndian) { content += $0 }
    content += body
  }

  func sealed(isRedacted: Bool) -> [UInt8] {
    (try? SnapshotFile.seal(content, sequence: 7, moment: TrialLedger.start, isRedacted: isRedacted)) ?? []
  }
}
