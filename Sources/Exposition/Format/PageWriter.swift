import BudgetCore

/// Writes a page of metrics piece by piece: into one buffer that is handed on each time it is full, so that a
/// page of any size needs no more memory than the one who takes the pieces.
struct PageWriter: ~Copyable {
  private static let capacity = 64 * 1024

  private let buffer: UnsafeMutablePointer<UInt8>
  private var count = 0
  private let take: (UnsafeRawBufferPointer) -> Void

  init(take: @escaping (UnsafeRawBufferPointer) -> Void) {
    self.take = take
    buffer = .allocate(capacity: Self.capacity)
  }

  deinit { buffer.deallocate() }

  mutating func flush() {
    if count > 0 { take(UnsafeRawBufferPointer(start: buffer, count: count)) }
    count = 0
  }

  /// Makes room for `size` bytes, at most the buffer's own size.
  @inline(__always)
  private mutating func reserve(_ size: Int) {
    if count + size > Self.capacity { flush() }
  }

  @inline(__always)
  mutating func write(_ byte: UInt8) {
    reserve(1)
    buffer[count] = byte
    count += 1
  }

  @inline(__always)
  mutating func write(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
    if bytes.count > Self.capacity {
      flush()
      take(bytes)
      return
    }
    reserve(bytes.count)
    UnsafeMutableRawPointer(buffer + count).copyMemory(from: start, byteCount: bytes.count)
    count += bytes.count
  }

  mutating func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }

  @inline(__always)
  mutating func write(_ text: StaticString) {
    write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func write(_ text: String) {
    var copy = text
    copy.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }

  // MARK: Numbers

  @inline(__always)
  mutating func write(_ value: Int64) {
    if value < 0 { write(UInt8(ascii: "-")) }
    writeDigits(value.magnitude, width: 0)
  }

  mutating func write(_ value: Quantity) {
    if let small = Int64(exactly: value) {
      write(small)
    } else {
      write(String(value))
    }
  }

  /// Picodollars as a decimal number of USD: exact, without trailing zeros.
  mutating func write(usd picodollars: Quantity) {
    guard let small = Int64(exactly: picodollars) else {
      write(Money(picodollars: picodollars).decimalString)
      return
    }
    if small < 0 { write(UInt8(ascii: "-")) }
    let (dollars, rest) = small.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000_000)
    writeDigits(dollars, width: 0)
    guard rest != 0 else { return }
    write(UInt8(ascii: "."))
    var fraction = rest
    var width = 12
    while fraction % 10 == 0 {
      fraction /= 10
      width -= 1
    }
    writeDigits(fraction, width: width)
  }

  /// A floating-point number as both formats read it.
  mutating func write(_ value: Double) {
    if value.isNaN {
      write("NaN")
    } else if value.isInfinite {
      write(value < 0 ? "-Inf" : "+Inf")
    } else if let whole = Int64(exactly: value) {
      write(whole)
    } else {
      write(value.description)
    }
  }

  /// Seconds since the epoch, to the millisecond.
  mutating func write(_ instant: Instant) {
    let milliseconds = instant.nanoseconds / 1_000_000
    if milliseconds < 0 { write(UInt8(ascii: "-")) }
    let (seconds, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
    writeDigits(seconds, width: 0)
    guard rest != 0 else { return }
    write(UInt8(ascii: "."))
    writeDigits(rest, width: 3)
  }

  /// Decimal digits, with leading zeros up to `width`.
  @inline(__always)
  private mutating func writeDigits(_ value: UInt64, width: Int) {
    reserve(20)
    var digits = 1
    var bound: UInt64 = 10
    while digits < 20, value >= bound {
      digits += 1
      let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
      if overflow { break }
      bound = next
    }
    let total = max(digits, width)
    var left = value
    var position = count + total
    for _ in 0..<total {
      position -= 1
      buffer[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: left % 10)
      left /= 10
    }
    count += total
  }
}
