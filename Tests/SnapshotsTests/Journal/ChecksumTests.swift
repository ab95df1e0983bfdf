import CLinux
import Testing

@Suite("CRC-32C")
struct ChecksumTests {
  private func checksum(_ bytes: [UInt8]) -> (UInt32, UInt32) {
    bytes.withUnsafeBytes {
      (clinux_crc32c(0, $0.baseAddress, $0.count), clinux_crc32c_portable(0, $0.baseAddress, $0.count))
    }
  }

  @Test(
    "the vectors of RFC 3720, appendix B.4",
    arguments: [
      (Array(repeating: UInt8(0), count: 32), 0x8A91_36AA), (Array(repeating: UInt8(0xFF), count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C), (Array("123456789".utf8), 0xE306_9283),
    ] as [([UInt8], UInt32)])
  func vectors(bytes: [UInt8], expected: UInt32) {
    #expect(checksum(bytes) == (expected, expected))
  }

  @Test("with and without the instruction, at every length, in one piece and in two")
  func agree() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
    for length in 0...bytes.count {
      let (quick, portable) = checksum(Array(bytes[..<length]))
      #expect(quick == portable)
      let inTwo = bytes.withUnsafeBytes { buffer in
        clinux_crc32c(
          clinux_crc32c(0, buffer.baseAddress, length / 3), buffer.baseAddress! + length / 3, length - length / 3)
      }
      #expect(inTwo == quick)
    }
  }
}
