import BudgetCore

/// Each scope value: which scope, the value, and its counters. Numbers are stored as what came since.
enum ScopeSection {
  static func write(_ capture: LedgerCapture, to writer: inout ByteWriter) {
    capture.forEachScope { row in
      writer.append(row.scope)
      writer.append(row.value)
      let numbers = row.counters.stored
      for number in numbers.prefix(4) { writer.append(varint: number) }
      // Every later number is one of the three totals at an earlier time: the difference is small, and mostly 0.
      for index in 4..<numbers.count { writer.append(varint: numbers[1 + (index - 1) % 3] &- numbers[index]) }
    }
  }

  static func read(_ reader: inout ByteReader) throws(SnapshotError) -> SavedScope {
    let scope = try reader.text()
    let value = try reader.text()
    var numbers: [UInt64] = []
    numbers.reserveCapacity(LookbackCounters.storedCount)
    for index in 0..<LookbackCounters.storedCount {
      let number = try reader.varint()
      numbers.append(index < 4 ? number : numbers[1 + (index - 1) % 3] &- number)
    }
    guard let counters = LookbackCounters(stored: numbers) else {
      throw .inconsistent("the recent usage of \(scope) \(value) is none")
    }
    return SavedScope(scope: scope, value: value, counters: counters)
  }
}
