extension Quantity {
  /// As a floating-point number, for what is shown or estimated: no account is kept by it.
  ///
  /// The general conversion of 128-bit integers takes hundreds of instructions; most amounts fit into 64 bits.
  @inline(__always)
  package var approximation: Double {
    if let small = Int64(exactly: self) { return Double(small) }
    return Double(self)
  }

  /// The same with the seven digits that forecasts reckon with.
  @inline(__always)
  var single: Float { Float(approximation) }
}
