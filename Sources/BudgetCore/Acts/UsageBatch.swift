/// Usage lines that were counted together, as they are read back. They last until the call that hands them over returns.
package struct UsageBatch {
  /// Of tags without a number.
  static let noNumber = UInt32.max

  package let events: UnsafeBufferPointer<UsageEvent>
  /// The number of each event's tags.
  let numbers: UnsafeBufferPointer<UInt32>
}
