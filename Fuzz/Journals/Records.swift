import BudgetCore
import CLinux
import FuzzLedger

/// A journal file around payloads that the fuzzer made.
///
/// Each is a byte that says how much later it happened, a byte of length, and the payload behind its moment.
enum Records {
  private static let pauses: [Interval] = [
    .zero, .milliseconds(1), .seconds(1), .seconds(90), .hours(1), .hours(30), .hours(-1),
  ]

  static func file(_ bytes: [UInt8]) -> [UInt8] {
    var file = Array("TALLYGJ\n".utf8) + little(UInt32(2)) + little(UInt32(0)) + little(UInt64(1)) + little(UInt32(0))
    file += little(checksum(file))
    var left = bytes[...]
    var now = TrialLedger.start
    while left.count >= 2 {
      let pause = Int(left.removeFirst())
      let rest = left.removeFirst()
      let body = left.prefix(Int(rest))
      left = left.dropFirst(body.count)
      // One in eight says its moment itself, whatever that is.
      var payload: [UInt8] = []
      if pause % 8 < pauses.count {
        now.wall = now.wall + pauses[pause % 8]
        now.steady = max(now.steady, now.steady + pauses[pause % 8])
        payload = little(now.wall.nanoseconds) + little(now.steady.nanoseconds)
      }
      payload += body
      guard !payload.isEmpty else { continue }
      file += little(UInt32(payload.count)) + little(checksum(payload)) + payload
    }
    return file
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { clinux_crc32c(0, $0.baseAddress, $0.count) }
  }
}
