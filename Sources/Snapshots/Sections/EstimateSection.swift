import BudgetCore

/// Learned distributions of output, how far estimates were off, and which reservations hold one.
enum EstimateSection {
  static func write(_ capture: LedgerCapture, to writer: inout ByteWriter) {
    writer.append(count: capture.estimateTally.stored.count)
    for number in capture.estimateTally.stored { writer.append(signed: number) }
    writer.append(count: capture.outputSources.count)
    for (slot, source) in capture.outputSources {
      writer.append(count: slot)
      writer.append(byte: source.rawValue)
    }
    let estimates = capture.savedEstimates
    writer.append(count: estimates.count)
    for row in estimates {
      writer.append(row.model)
      writer.append(byte: row.agent == nil ? 0 : 1)
      if let agent = row.agent { writer.append(agent) }
      writer.append(signed: row.lastUse.nanoseconds)
      let bins = row.distribution.stored
      writer.append(count: bins.count)
      for count in bins { writer.append(varint: UInt64(count)) }
    }
  }

  static func readTally(_ reader: inout ByteReader) throws(SnapshotError) -> [Int64] {
    var numbers: [Int64] = []
    for _ in 0..<(try reader.count()) { numbers.append(try reader.signed()) }
    return numbers
  }

  static func readSources(_ reader: inout ByteReader) throws(SnapshotError) -> [(slot: Int, source: OutputSource)] {
    var sources: [(slot: Int, source: OutputSource)] = []
    for _ in 0..<(try reader.count()) {
      let slot = Int(clamping: try reader.varint())
      guard let source = OutputSource(rawValue: try reader.byte()) else {
        throw .inconsistent("where an estimate comes from is unknown")
      }
      sources.append((slot, source))
    }
    return sources
  }

  static func readRow(_ reader: inout ByteReader) throws(SnapshotError) -> SavedEstimate {
    let model = try reader.text()
    let agent = try reader.byte() == 0 ? nil : try reader.text()
    let lastUse = Instant(nanoseconds: try reader.signed())
    var bins: [UInt16] = []
    for _ in 0..<(try reader.count()) {
      guard let count = UInt16(exactly: try reader.varint()) else {
        throw .inconsistent("a count of the outputs of \(model) is out of bounds")
      }
      bins.append(count)
    }
    guard let distribution = OutputDistribution(stored: bins) else {
      throw .inconsistent("the outputs of \(model) are none")
    }
    return SavedEstimate(model: model, agent: agent, distribution: distribution, lastUse: lastUse)
  }
}
