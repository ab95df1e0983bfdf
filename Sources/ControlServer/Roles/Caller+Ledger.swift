import BudgetCore
import JSONText
import LedgerAccess
import UsageProtocol

// What a caller who speaks for some only may touch: usage that carries their tags, and holds and allocations that were
// made for them. Nothing is looked up for a caller who speaks for everybody.
extension Caller {
  /// - Returns: the refusal, or nil; nil too when no such reservation is remembered.
  func refusal(of id: ReservationID, in ledger: SharedLedger) -> HTTPResponse? {
    guard binding != nil, let tags = ledger.tags(of: id) else { return nil }
    return refusal(of: tags.tags)
  }

  /// An allocation has an agent and a task and no other tag.
  func refusal(of id: AllocationID, in ledger: SharedLedger) -> HTTPResponse? {
    guard binding != nil, let allocation = ledger.allocation(id)?.allocation else { return nil }
    return refusal(of: [Tag(key: TagName.agent, value: allocation.agent)], partial: true)
  }

  func refusal(of objects: [UsageObject], in ledger: SharedLedger) -> HTTPResponse? {
    guard binding != nil else { return nil }
    for object in objects {
      let named = object.reservation.map { [Tag(key: TagName.reservation, value: $0)] } ?? []
      if let refusal = refusal(ofUsage: object.tags.tags + named, in: ledger) { return refusal }
    }
    return nil
  }

  /// Usage lines, with the JSON objects among them: one that is somebody else's refuses them all. Lines that cannot be
  /// read count nothing and are nobody's. O(bytes).
  func refusal(ofLines body: [UInt8], in ledger: SharedLedger) -> HTTPResponse? {
    guard binding != nil else { return nil }
    let parser = LineParser(seed: ledger.seed, acceptsObjects: true)
    var batch = EventBatch(capacity: 256)
    return body.withUnsafeBytes { bytes in
      var position = 0
      while position < bytes.count {
        position = parser.parse(bytes, from: position, into: &batch, limit: 256)
        for event in batch.events {
          let raw = UnsafeRawBufferPointer(start: event.tags, count: Int(event.tagsLength))
          // Tags that the ledger refuses count nothing.
          guard let tags = try? TagScanner.split(raw) else { continue }
          if let refusal = refusal(ofUsage: tags, in: ledger) { return refusal }
        }
        let objects = batch.objects.compactMap { line in (try? JSONValue.parse(line)).flatMap { try? UsageObject($0) } }
        if let refusal = refusal(of: objects, in: ledger) { return refusal }
        batch.removeAll()
      }
      return nil
    }
  }

  /// Usage may settle a hold and count against an allocation: both have to be the caller's too.
  private func refusal(ofUsage tags: [Tag], in ledger: SharedLedger) -> HTTPResponse? {
    if let refusal = refusal(of: tags) { return refusal }
    for tag in tags {
      switch tag.key {
      case TagName.reservation:
        if let id = ReservationID(text: tag.value), let refusal = refusal(of: id, in: ledger) { return refusal }
      case TagName.allocation:
        if let id = AllocationID(text: tag.value), let refusal = refusal(of: id, in: ledger) { return refusal }
      default: continue
      }
    }
    return nil
  }
}
