import BudgetCore

/// Datagrams into a ledger: no bytes may trap, and nothing that should never happen does.
///
/// The first byte says how many events are taken at a time, and whether the datagram comes again after a while and
/// after a day; the rest is the datagram.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLines(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 0 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
  var pipeline = Pipeline(SmallLedger.make())
  let pauses: [Interval] = start[0] & 0x80 == 0 ? [.zero] : [.zero, .seconds(90), .hours(30)]
  pipeline.exercise(bytes, limit: 1 + Int(start[0] % 16), pauses: pauses)
  precondition(pipeline.faults.isEmpty, "\(pipeline.faults)")
  return 0
}
