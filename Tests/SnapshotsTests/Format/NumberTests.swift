import Testing

@testable import Snapshots

@Suite("Stored numbers")
struct NumberTests {
  @Test("come back as they were")
  func roundTrip() throws {
    let quantities: [Int128] = [
      0, 1, -1, 63, 64, -64, -65, 1 << 62, 1 << 63, 1 << 64, -(1 << 64), 1 << 120, .max, .min,
    ]
    let signed: [Int64] = [0, 1, -1, 63, -64, 64, .max, .min]
    let unsigned: [UInt64] = [0, 127, 128, 16_383, 16_384, .max]
    var writer = ByteWriter()
    for value in quantities { writer.append(quantity: value) }
    for value in signed { writer.append(signed: value) }
    for value in unsigned { writer.append(varint: value) }
    try writer.bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      for value in quantities {
        let read = try reader.quantity()
        #expect(read == value)
      }
      for value in signed {
        let read = try reader.signed()
        #expect(read == value)
      }
      for value in unsigned {
        let read = try reader.varint()
        #expect(read == value)
      }
      #expect(reader.isAtEnd)
    }
  }

  @Test("that are too long or end early are refused")
  func refused() {
    let long = [UInt8](repeating: 0xFF, count: 9)
    for bytes in [[], [0x80], long + [0x02], [UInt8](repeating: 0x80, count: 30) + [0x01]] {
      #expect(throws: SnapshotError.self) {
        try bytes.withUnsafeBytes { buffer in
          var reader = ByteReader(buffer)
          _ = try reader.varint()
        }
      }
    }
    #expect(throws: SnapshotError.self) {
      try (long + long + [0x04]).withUnsafeBytes { buffer in
        var reader = ByteReader(buffer)
        _ = try reader.quantity()
      }
    }
  }
}
