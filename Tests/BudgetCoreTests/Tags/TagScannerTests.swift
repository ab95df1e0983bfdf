import Testing

@testable import BudgetCore

@Suite("Tag scanner")
struct TagScannerTests {
  private func split(_ bytes: [UInt8]) throws -> [Tag] { try bytes.withUnsafeBytes { try TagScanner.split($0) } }

  @Test(
    "splits what clients send",
    arguments: [
      ("", [:]), ("agent:a", ["agent": "a"]), ("bare", ["bare": "true"]), ("a:1,b:2", ["a": "1", "b": "2"]),
      (",,a:1,,b:2,", ["a": "1", "b": "2"]), ("url:http://x:80/y", ["url": "http://x:80/y"]), ("a:", ["a": ""]),
      ("a::", ["a": ":"]), (" a : b ", [" a ": " b "]), ("ключ:значение", ["ключ": "значение"]),
      ("a=b", ["a=b": "true"]), (",", [:]),
    ] as [(String, KeyValuePairs<String, String>)])
  func table(text: String, expected: KeyValuePairs<String, String>) throws {
    let found = try split(Array(text.utf8))
    #expect(found == expected.map { Tag(key: $0.key, value: $0.value) })
  }

  @Test(
    "refuses what cannot be a tag",
    arguments: [
      (Array(":value".utf8), TagError.emptyKey), (Array("a:1,:".utf8), .emptyKey),
      ([0x61, 0x3A, 0xFF], .invalidUTF8), ([0xC0, 0x80, 0x3A, 0x61], .invalidUTF8),
      (Array("a:".utf8) + [0xED, 0xA0, 0x80], .invalidUTF8), ([0xF8, 0x88], .invalidUTF8),
      // A character cut in two by a comma.
      (Array("a:".utf8) + [0xC3, 0x2C, 0xA9], .invalidUTF8),
    ] as [([UInt8], TagError)])
  func refusals(bytes: [UInt8], expected: TagError) {
    #expect(throws: expected) { try split(bytes) }
  }

  @Test("the bounds are inclusive, in bytes and tags")
  func bounds() throws {
    let many = (0..<TagScanner.maximumTags).map { "t\($0):v" }.joined(separator: ",")
    #expect(try split(Array(many.utf8)).count == TagScanner.maximumTags)
    #expect(throws: TagError.tooMany) { try split(Array((many + ",one").utf8)) }
    let key = String(repeating: "k", count: TagScanner.maximumKeyLength)
    let value = String(repeating: "v", count: TagScanner.maximumValueLength)
    #expect(try split(Array("\(key):\(value)".utf8)).count == 1)
    #expect(throws: TagError.tooLong) { try split(Array("k\(key):v".utf8)) }
    #expect(throws: TagError.tooLong) { try split(Array("k:v\(value)".utf8)) }
    #expect(throws: TagError.tooLong) { try split(Array("k:\(String(repeating: "é", count: 257))".utf8)) }
  }
}
