/// A page of metrics, read as the formats' specifications allow and no wider. Anything else is an error.
struct StrictPage {
  struct Mistake: Error, CustomStringConvertible {
    let line: Int
    let what: String
    var description: String { "line \(line): \(what)" }
  }

  struct Family {
    let name: String
    let type: String
    var samples: [(name: String, labels: [String: String], value: Double)] = []
  }

  private(set) var families: [Family] = []
  private var number = 0
  private var seen: Set<String> = []
  private let isOpenMetrics: Bool

  /// The value of the sample with exactly these labels.
  func value(_ name: String, _ labels: [String: String]) -> Double? {
    families.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
  }

  init(_ bytes: [UInt8], openMetrics: Bool) throws {
    isOpenMetrics = openMetrics
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Mistake(line: 0, what: "not UTF-8") }
    guard bytes.last == UInt8(ascii: "\n") else { throw Mistake(line: 0, what: "no newline at the end") }
    var lines = text.dropLast().split(separator: "\n" as Character, omittingEmptySubsequences: false)
    if text.unicodeScalars.contains("\r") { throw Mistake(line: 0, what: "a carriage return") }
    if openMetrics {
      guard lines.popLast() == "# EOF" else { throw Mistake(line: 0, what: "no # EOF at the end") }
    }
    var index = 0
    while index < lines.count {
      number = index + 1
      guard lines[index].hasPrefix("# HELP ") else { throw mistake("no HELP: \(lines[index])") }
      index = try family(lines, index)
    }
  }

  private func mistake(_ what: String) -> Mistake { Mistake(line: number, what: what) }

  private mutating func family(_ lines: [Substring], _ start: Int) throws -> Int {
    let help = lines[start].split(separator: " ", maxSplits: 3)
    guard help.count == 4, Self.isName(help[2]) else { throw mistake("a HELP without a name or a text") }
    guard start + 1 < lines.count else { throw mistake("no TYPE") }
    number += 1
    let type = lines[start + 1].split(separator: " ")
    guard type.count == 4, type[1] == "TYPE", type[2] == help[2] else { throw mistake("HELP and TYPE differ") }
    var family = Family(name: String(type[2]), type: String(type[3]))
    let known =
      isOpenMetrics
      ? ["counter", "gauge", "histogram", "info", "unknown"] : ["counter", "gauge", "histogram"]
    guard known.contains(family.type) else { throw mistake("unknown type \(family.type)") }
    guard !families.contains(where: { $0.name == family.name }) else { throw mistake("\(family.name) twice") }
    var index = start + 2
    while index < lines.count, !lines[index].hasPrefix("#") {
      number = index + 1
      try sample(lines[index], into: &family)
      index += 1
    }
    if !isOpenMetrics, family.type == "counter", !family.name.hasSuffix("_total") {
      throw mistake("\(family.name) is a counter without _total")
    }
    try checkHistogram(family)
    families.append(family)
    return index
  }

  private mutating func sample(_ line: Substring, into family: inout Family) throws {
    var rest = line.unicodeScalars[...]
    let name = String(rest.prefix { $0 != "{" && $0 != " " })
    rest = rest.dropFirst(name.unicodeScalars.count)
    let suffixes: [String] =
      switch (family.type, isOpenMetrics) {
      case ("histogram", _): ["_bucket", "_sum", "_count"]
      case ("counter", true): ["_total"]
      case ("info", true): ["_info"]
      default: [""]
      }
    guard suffixes.contains(where: { name == family.name + $0 }) else { throw mistake("\(name) in \(family.name)") }
    var labels: [String: String] = [:]
    if rest.first == "{" {
      rest = rest.dropFirst()
      while true {
        let (label, value) = try self.label(&rest)
        guard labels.updateValue(value, forKey: label) == nil else { throw mistake("label \(label) twice") }
        guard let next = rest.popFirst() else { throw mistake("no closing brace") }
        if next == "}" { break }
        guard next == "," else { throw mistake("\(next) between labels") }
      }
    }
    guard rest.popFirst() == " " else { throw mistake("no space before the value") }
    let text = String(rest)
    let special = ["NaN": Double.nan, "+Inf": .infinity, "-Inf": -.infinity][text]
    let isNumber = text.utf8.allSatisfy { "0123456789+-.e".utf8.contains($0) }
    guard let value = special ?? (isNumber ? Double(text) : nil) else { throw mistake("\(text) is no number") }
    if family.type == "counter", !(value >= 0) { throw mistake("a counter of \(text)") }
    let key = name + labels.sorted { $0.key < $1.key }.map { "\u{0}\($0.key)\u{0}\($0.value)" }.joined()
    guard seen.insert(key).inserted else { throw mistake("\(line) twice") }
    family.samples.append((name, labels, value))
  }

  private func label(_ rest: inout Substring.UnicodeScalarView) throws -> (String, String) {
    let name = String(rest.prefix { $0 != "=" && $0 != "}" })
    rest = rest.dropFirst(name.unicodeScalars.count)
    guard Self.isName(name[...]), !name.contains(":") else { throw mistake("\(name) is no label") }
    guard rest.popFirst() == "=", rest.popFirst() == "\"" else { throw mistake("label \(name) has no value") }
    var value = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar == "\"" { return (name, String(value)) }
      guard scalar == "\\" else {
        value.append(scalar)
        continue
      }
      switch rest.popFirst() {
      case "n": value.append("\n")
      case "\\": value.append("\\")
      case "\"": value.append("\"")
      default: throw mistake("unknown escape in \(name)")
      }
    }
    throw mistake("label \(name) has no end")
  }

  /// Buckets rise to +Inf, which equals the count.
  private func checkHistogram(_ family: Family) throws {
    guard family.type == "histogram" else { return }
    var open: [[String: String]: Double] = [:]
    for sample in family.samples {
      var labels = sample.labels
      let bound = labels.removeValue(forKey: "le")
      switch sample.name {
      case family.name + "_bucket":
        guard bound != nil, sample.value >= open[labels] ?? 0 else { throw mistake("a bucket that falls") }
        open[labels] = sample.value
      case family.name + "_count":
        guard open[labels] == sample.value else { throw mistake("a count that is not the last bucket") }
      default: break
      }
    }
    let infinite = family.samples.filter { $0.labels["le"] == "+Inf" }.count
    guard infinite == open.count else { throw mistake("no bucket +Inf") }
  }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return text.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ":")
    }
  }
}
