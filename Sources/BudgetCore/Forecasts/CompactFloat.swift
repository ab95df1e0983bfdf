/// A `Float` in 16 bits: its sign, exponent and the first 7 bits of its fraction, rounded (the layout of bfloat16).
///
/// Keeps the range of a `Float` with a relative error of at most 0.4 %, which is far below what a forecast knows.
struct CompactFloat: Hashable, Sendable {
  var bits: UInt16 = 0

  init() {}

  init(bits: UInt16) { self.bits = bits }

  init(_ value: Float) {
    let pattern = value.bitPattern
    // To nearest; what would round up to infinity stays finite.
    let rounded = min(pattern & 0x7fff_ffff, 0x7f7f_7fff) &+ 0x7fff &+ (pattern >> 16 & 1)
    bits = value.isNaN ? 0x7fc0 : UInt16(truncatingIfNeeded: (rounded | pattern & 0x8000_0000) >> 16)
  }

  var value: Float { Float(bitPattern: UInt32(bits) << 16) }
}
