import BudgetCore

/// The seed, when the younger generation began, and both generations' keys.
enum DuplicateSection {
  static func write(_ saved: SavedDuplicates, to writer: inout ByteWriter) {
    writer.append(fixed: saved.seed)
    writer.append(byte: saved.turned == nil ? 0 : 1)
    if let turned = saved.turned { writer.append(signed: turned.nanoseconds) }
    for generation in [saved.young, saved.old] {
      writer.append(count: generation.count)
      for key in generation {
        writer.append(fixed: key.high)
        writer.append(fixed: key.low)
      }
    }
  }

  static func read(_ reader: inout ByteReader) throws(SnapshotError) -> SavedDuplicates {
    let seed: UInt64 = try reader.fixed()
    let turned: Instant? = try reader.byte() == 0 ? nil : Instant(nanoseconds: try reader.signed())
    let young = try readKeys(&reader)
    return SavedDuplicates(seed: seed, turned: turned, young: young, old: try readKeys(&reader))
  }

  private static func readKeys(_ reader: inout ByteReader) throws(SnapshotError) -> [SavedDuplicates.Key] {
    var keys: [SavedDuplicates.Key] = []
    for _ in 0..<(try reader.count()) {
      keys.append(SavedDuplicates.Key(high: try reader.fixed(), low: try reader.fixed()))
    }
    return keys
  }
}
