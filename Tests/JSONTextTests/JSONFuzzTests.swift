import Foundation
import JSONText
import Testing

/// Random documents and random damage: the reader never crashes, and agrees with an independent reader.
@Suite("JSON under random input")
struct JSONFuzzTests {
  private static let seeds = [
    #"{"tags":{"agent":"a","user":"ü"},"tokens":{"input":800,"output":200},"ttl":"10m","partial":false}"#,
    #"[1,-2.5e-7,0,1E+2,true,false,null,"\u00e9\ud83d\ude00\n",{"a":{"b":[[],{}]}},""]"#,
    "{\"é\":\"😀\",\"x\":[\"\\\\\",\"\\\"\"], \"n\" : 1e400 }",
  ].map { Array($0.utf8) }

  private static let pieces: [[UInt8]] =
    [
      "\"", "\\", "\\u", "\\ud800", "\\udc00", "{", "}", "[", "]", ",", ":", "0", "1", "-", ".", "e", "+", "true",
      "null",
      "NaN", " ", "\n", "\0", "\u{7F}", "é", "\u{FEFF}",
    ].map { Array($0.utf8) } + [[0x80], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90], [0xFF]]

  private static func damaged(_ random: inout SeededGenerator) -> [UInt8] {
    var bytes = seeds.randomElement(using: &random)!
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let start = Int.random(in: 0...bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 0...3, using: &random))
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes.removeSubrange(start..<end)
      case 1: bytes.insert(contentsOf: pieces.randomElement(using: &random)!, at: start)
      case 2: bytes.replaceSubrange(start..<end, with: pieces.randomElement(using: &random)!)
      default: bytes.append(contentsOf: bytes[start..<end])
      }
    }
    return bytes
  }

  @Test("what is read is written and read again unchanged, and damage never crashes")
  func mutations() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var accepted = 0
    for _ in 0..<20_000 {
      let bytes = Self.damaged(&random)
      do throws(JSONError) {
        let value = try JSONValue.parse(bytes)
        accepted += 1
        #expect(try JSONValue.parse(value.bytes(pretty: accepted.isMultiple(of: 2))) == value, "seed \(seed)")
      } catch {
        #expect(error.offset <= bytes.count && error.line >= 1 && error.column >= 1, "seed \(seed)")
      }
    }
    #expect(accepted > 1000 && accepted < 19_000, "seed \(seed)")
  }

  private static let python = "/usr/bin/python3"

  /// Reads lines `hex of the input, hex of our rewriting or '!'` and prints those it disagrees with.
  private static let referee = """
    import json, sys
    def refuse(*_): raise ValueError
    def unique(pairs):
        if len(dict(pairs)) != len(pairs): raise ValueError
        return dict(pairs)
    def read(data):
        value = json.loads(data.decode('utf-8'), parse_constant=refuse, object_pairs_hook=unique, parse_float=str)
        json.dumps(value, ensure_ascii=False).encode('utf-8')
        return value
    for line in sys.stdin:
        source, ours = line.split()
        try: expected = read(bytes.fromhex(source[1:]))
        except ValueError: expected = refuse
        actual = refuse if ours == '!' else read(bytes.fromhex(ours))
        if expected != actual: print(line, end='')
    print('done')
    """

  @Test("agrees with another reader", .enabled(if: FileManager.default.isExecutableFile(atPath: python)))
  func differential() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
    var lines = ""
    for _ in 0..<5000 {
      let bytes = Self.damaged(&random)
      let ours = (try? JSONValue.parse(bytes)).map { hex($0.bytes()) } ?? "!"
      lines += "x\(hex(bytes)) \(ours)\n"
    }
    let input = FileManager.default.temporaryDirectory.appendingPathComponent("json-\(seed)")
    try Data(lines.utf8).write(to: input)
    defer { try? FileManager.default.removeItem(at: input) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.python)
    process.arguments = ["-c", Self.referee]
    process.standardInput = try FileHandle(forReadingFrom: input)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let verdict = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: verdict, as: UTF8.self) == "done\n", "seed \(seed)")
  }
}
