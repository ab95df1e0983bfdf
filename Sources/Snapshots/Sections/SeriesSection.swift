import BudgetCore

/// Each series: labels, flags, numbers; then its histogram if it has one.
enum SeriesSection {
  private static let histogramFlag: UInt8 = 0x80

  static func write(_ capture: LedgerCapture, to writer: inout ByteWriter) {
    capture.forEachSeries { row in
      writer.append(count: row.labels.count)
      writer.append(row.labels)
      writer.append(byte: row.seen.rawValue | (row.histogram == nil ? 0 : histogramFlag))
      writer.append(varint: UInt64(row.carry))
      writer.append(varint: UInt64(row.itemCarry))
      writer.append(varint: UInt64(bitPattern: row.tokens))
      writer.append(varint: UInt64(bitPattern: row.requests))
      writer.append(varint: UInt64(bitPattern: row.items))
      writer.append(quantity: row.cost)
      writer.append(signed: row.lastUse.nanoseconds)
      guard let histogram = row.histogram else { return }
      writer.append(histogram.sum)
      writer.append(count: histogram.counts.count)
      for index in histogram.counts.indices { writer.append(histogram.counts[index]) }
    }
  }

  static func read(_ reader: inout ByteReader) throws(SnapshotError) -> SavedSeries {
    let labels = try reader.take(reader.count())
    let flags = try reader.byte()
    let carry = try fraction(&reader)
    let itemCarry = try fraction(&reader)
    var row = SavedSeries(
      labels: labels, seen: SeriesRow.Kinds(rawValue: flags & ~histogramFlag), carry: carry, itemCarry: itemCarry,
      tokens: try reader.amount(), requests: try reader.amount(), items: try reader.amount(),
      cost: try reader.quantity(), lastUse: Instant(nanoseconds: try reader.signed()), histogram: nil)
    guard flags & histogramFlag != 0 else { return row }
    let sum = try reader.double()
    var counts: [Double] = []
    for _ in 0..<(try reader.count()) { counts.append(try reader.double()) }
    guard counts.count == DurationHistogram().counts.count else {
      throw .inconsistent("a histogram has \(counts.count) buckets")
    }
    row.histogram = DurationHistogram(counts: counts, sum: sum)
    return row
  }

  private static func fraction(_ reader: inout ByteReader) throws(SnapshotError) -> UInt32 {
    guard let fraction = UInt32(exactly: try reader.varint()) else {
      throw .inconsistent("a fraction is out of bounds")
    }
    return fraction
  }
}
