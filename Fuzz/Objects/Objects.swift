import BudgetCore
import JSONText
import UsageProtocol

/// JSON documents and usage objects: no bytes may trap, what is read is written and read alike, and what is
/// taken is within its bounds.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzObjects(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: start, count: count)
  guard let value = try? JSONValue.parse(bytes) else { return 0 }
  precondition((try? JSONValue.parse(value.bytes())) == value, "written and read, it changed")
  do throws(UsageObject.Invalid) {
    check(try UsageObject(value))
  } catch {
    precondition(!error.problem.isEmpty, "an error without a sentence")
  }
  return 0
}

private func check(_ object: UsageObject) {
  let most = 3 * UsageObject.largestCount
  precondition(object.spend.tokens.allSatisfy { (0...most).contains($0.count) }, "tokens out of bounds")
  precondition((0...UsageObject.largestCost).contains(object.spend.cost), "cost out of bounds")
  precondition((0...most).contains(object.spend.requests), "requests out of bounds")
  precondition((0...most).contains(object.spend.items), "items out of bounds")
  precondition((object.duration ?? 0) >= 0, "a negative duration")
  precondition(object.tags[TagName.id] == nil && object.tags[TagName.reservation] == nil, "a special tag was left")
  var ledger = Ledger(settings: LedgerSettings(), seed: 1)
  _ = ledger.record(object.spend, tags: object.tags, id: object.id, now: Moment(Instant(seconds: 1_760_000_000)))
}
