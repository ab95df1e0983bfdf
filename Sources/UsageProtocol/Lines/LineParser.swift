import BudgetCore

/// Usage lines to events: `name:value[:value…]|type[|@rate][|#tag:value,…][|c:container][|Ttimestamp]`.
///
/// Reads statsd and DogStatsD 1.0 to 1.6. A bad line is counted by reason and makes no event; the rest of its
/// datagram still counts. Copies nothing: events point into the bytes. O(bytes).
package struct LineParser: Sendable {
  /// The longest line that is looked at.
  package static let longestLine = 64 * 1024

  private let seed: UInt64
  private let acceptsObjects: Bool

  /// - Parameters:
  ///   - seed: the ledger's hash seed.
  ///   - acceptsObjects: whether a line that starts with `{` is a JSON usage object.
  package init(seed: UInt64, acceptsObjects: Bool) {
    self.seed = seed
    self.acceptsObjects = acceptsObjects
  }

  /// Parses lines from `start` until the bytes end or the batch holds `limit` events; returns where it stopped.
  package func parse(
    _ bytes: UnsafeRawBufferPointer, from start: Int = 0, into batch: inout EventBatch, limit: Int = .max
  ) -> Int {
    var position = start
    var most = limit - batch.objects.count
    while position < bytes.count {
      if batch.count >= most { return position }
      if let line = CommonLine(bytes, at: position) {
        append(line, to: &batch)
        position = line.next
        continue
      }
      var end = Bytes.index(of: UInt8(ascii: "\n"), in: bytes, from: position)
      let next = end + 1
      if end > position, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
      if end > position { parseLine(UnsafeRawBufferPointer(rebasing: bytes[position..<end]), into: &batch) }
      most = limit - batch.objects.count
      position = next
    }
    return bytes.count
  }

  @inline(__always)
  private func append(_ line: CommonLine, to batch: inout EventBatch) {
    guard let tags = line.tags.baseAddress else { return }
    let length = line.tags.count
    batch.tally.lines &+= 1
    batch.append(
      UsageEvent(
        kind: .tokens, amount: line.tokens, tags: tags, tagsLength: length,
        hash: ByteHash.hash(tags, count: length, seed: seed)))
  }

  @inline(__always)
  private func parseLine(_ line: UnsafeRawBufferPointer, into batch: inout EventBatch) {
    batch.tally.lines += 1
    if acceptsObjects, line[0] == UInt8(ascii: "{") {
      batch.objects.append(line)
      return
    }
    let first = batch.count
    do throws(LineRefusal) {
      guard line.count <= Self.longestLine else { throw LineRefusal.rejected(.lineTooLong) }
      try parseMetric(line, into: &batch)
    } catch {
      batch.removeEvents(from: first)
      switch error {
      case .rejected(let reason): batch.tally.reject(reason, line: line)
      case .ignored(let reason): batch.tally.ignore(reason)
      }
    }
  }

  @inline(__always)
  private func parseMetric(_ line: UnsafeRawBufferPointer, into batch: inout EventBatch) throws(LineRefusal) {
    let (metric, valueStart) = try MetricName.read(line)
    // The common value is a run of digits: read without looking for its end first.
    var position = valueStart
    var number: Int64 = 0
    while position < line.count {
      let digit = line[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      number = number &* 10 &+ Int64(digit)
      position += 1
    }
    let isPlain = position < line.count && line[position] == UInt8(ascii: "|") && position - valueStart <= 15
    let valueEnd = isPlain ? position : Bytes.index(of: UInt8(ascii: "|"), in: line, from: valueStart)
    let (type, typeEnd) = try MetricType.read(line, from: valueEnd)
    let fields = try LineFields(line, from: typeEnd)
    let values = UnsafeRawBufferPointer(rebasing: line[valueStart..<valueEnd])
    guard let kind = try metric.kind(for: type) else {
      try ValueReader.check(values, type: type)
      throw .ignored(.unknownMetric)
    }
    let tags = fields.tags.baseAddress ?? ByteHash.emptyByte
    var event = UsageEvent(
      kind: kind, amount: number, tags: tags, tagsLength: fields.tags.count,
      hash: ByteHash.hash(tags, count: fields.tags.count, seed: seed))
    event.timestamp = fields.timestamp
    if isPlain, fields.rate == LineFields.wholeRate, kind.countsWholeUnits, valueEnd > valueStart {
      batch.append(event)
    } else {
      try ValueReader(event: event, rate: fields.rate, type: type).read(values, into: &batch)
    }
  }
}

extension UsageEvent.Kind {
  /// Whether a written `1` is one of the ledger's units.
  @inline(__always)
  var countsWholeUnits: Bool {
    switch self {
    case .tokens, .requests, .items: true
    case .cost, .duration: false
    }
  }
}
