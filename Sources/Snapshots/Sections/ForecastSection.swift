import BudgetCore

/// What was learned of accounts' use, and how far off forecasts are.
enum ForecastSection {
  static func write(_ capture: LedgerCapture, to writer: inout ByteWriter) {
    writer.append(count: capture.forecastPools.count)
    for pool in capture.forecastPools { append(pool.stored, to: &writer) }
    var rows: [SavedForecast] = []
    capture.forEachForecast { rows.append($0) }
    writer.append(count: rows.count)
    for row in rows {
      writer.append(count: row.account)
      writer.append(row.window)
      writer.append(signed: row.born)
      writer.append(signed: row.minute)
      writer.append(quantity: row.unfed)
      writer.append(signed: row.windowStart)
      writer.append(count: row.counts.count)
      writer.append(row.counts)
      append(row.numbers, to: &writer)
    }
  }

  static func readPools(_ reader: inout ByteReader) throws(SnapshotError) -> [[Float]] {
    var pools: [[Float]] = []
    for _ in 0..<(try reader.count()) { pools.append(try readNumbers(&reader)) }
    return pools
  }

  static func readRow(_ reader: inout ByteReader) throws(SnapshotError) -> SavedForecast {
    SavedForecast(
      account: Int(clamping: try reader.varint()), window: try reader.text(), born: try reader.signed(),
      minute: try reader.signed(), unfed: try reader.quantity(), windowStart: try reader.signed(),
      counts: Array(try reader.take(reader.count())), numbers: try readNumbers(&reader))
  }

  private static func append(_ numbers: [Float], to writer: inout ByteWriter) {
    writer.append(count: numbers.count)
    for number in numbers { writer.append(fixed: number.bitPattern) }
  }

  private static func readNumbers(_ reader: inout ByteReader) throws(SnapshotError) -> [Float] {
    var numbers: [Float] = []
    for _ in 0..<(try reader.count()) { numbers.append(Float(bitPattern: try reader.fixed())) }
    return numbers
  }
}
