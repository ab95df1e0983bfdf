/// Lines made of likely parts, and damage to them.
struct RandomLines {
  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private static let names = [
    "tokens", "tokens", "requests", "cost", "cost", "duration", "duration", "items", "x", "größe", "", "_e{1,1}",
    "_sc|a",
  ]
  private static let numbers = [
    "0", "1", "7", "1200", "999999999999999", "1000000000000000", "1e3", "1.5", ".5", "2.", "-1", "-0", "+4", "1e400",
    "1e-400",
    "0.1", "0.0125", "NaN", "inf", "0x1", "1_0", "", "", "1e", ".", "9000000", "9000001", "0.3333333333333333", "1e16",
    "12345678901234567890123456789012345678901", "0.000000000001", "3e-2", "1E+2",
  ]
  private static let types = ["c", "c", "c", "c", "g", "ms", "ms", "h", "d", "s", "q", "", "cc", "c "]
  private static let fields = [
    "@0.5", "@0.1", "@0.3", "@1", "@2", "@0", "@1e-9", "@1e-10", "@x", "@-1", "#agent:a,user:b", "#", "#a", "#:",
    "#,a:b,", "T1700000000",
    "T0", "T-1", "T1234567890123", "T", "c:in-1", "e:it-false", "card:low", "", "zzz", "#é:ü",
  ]
  private static let pieces: [[UInt8]] =
    [":", "|", "#", "@", "T", "0", "9", "-", ".", "e", ",", "\r", "c", "tokens:", "|c", "\0", " "].map {
      Array($0.utf8)
    }
    + [[0xFF], [0xC3], [0x80]]

  /// Without a newline.
  mutating func line() -> [UInt8] {
    var text = Self.names.randomElement(using: &random)!
    repeat { text += ":" + number() } while Int.random(in: 0..<4, using: &random) == 0
    let usual = text.hasPrefix("duration") ? "ms" : "c"
    text += "|" + (Int.random(in: 0..<4, using: &random) == 0 ? Self.types.randomElement(using: &random)! : usual)
    while Int.random(in: 0..<2, using: &random) == 0 { text += "|" + Self.fields.randomElement(using: &random)! }
    var bytes = Array(text.utf8)
    if Int.random(in: 0..<6, using: &random) == 0 { damage(&bytes) }
    return bytes.filter { $0 != UInt8(ascii: "\n") }
  }

  private mutating func number() -> String {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return String(Int.random(in: 0...5000, using: &random))
    case 1: return Self.numbers.randomElement(using: &random)!
    case 2:
      return String(UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64.random(in: 0..<64, using: &random))
    default:
      let digits = (0..<Int.random(in: 1...18, using: &random)).map { _ in
        String(Int.random(in: 0...9, using: &random))
      }
      let point = Int.random(in: 0...digits.count, using: &random)
      let exponent = Int.random(in: 0..<4, using: &random) == 0 ? "e\(Int.random(in: -30...5, using: &random))" : ""
      return digits[..<point].joined() + "." + digits[point...].joined() + exponent
    }
  }

  mutating func damage(_ bytes: inout [UInt8]) {
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let start = Int.random(in: 0...bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 0...4, using: &random))
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes.removeSubrange(start..<end)
      case 1: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random)!, at: start)
      case 2: bytes.replaceSubrange(start..<end, with: Self.pieces.randomElement(using: &random)!)
      default: bytes.insert(contentsOf: bytes[start..<end], at: start)
      }
    }
  }

  /// Several lines, some of them empty, then perhaps damaged together.
  mutating func datagram() -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      bytes += line() + Array(["\n", "\n", "\r\n", "\n\n"].randomElement(using: &random)!.utf8)
    }
    if !bytes.isEmpty, Bool.random(using: &random) { bytes.removeLast() }
    if Bool.random(using: &random) { damage(&bytes) }
    return bytes
  }
}
