package import BudgetCore
import Compression

/// The ledger's state as one compressed, checksummed file: see docs/state-format.md.
package enum SnapshotFile {
  /// The file's bytes. Meant to run outside the lock; O(everything captured).
  /// - Throws: `tooLarge` for a state whose content this program would not read back.
  package static func encode(_ capture: LedgerCapture) throws(SnapshotError) -> [UInt8] {
    try seal(
      content(of: capture), sequence: capture.sequence, moment: capture.moment, isRedacted: capture.isRedacted)
  }

  /// A ledger with the state of the file, as of now. Either all of it or an error, and never a trap.
  ///
  /// - Parameters:
  ///   - settings: the configuration of now; what it no longer has room for is in the report.
  ///   - seed: the hash seed of this process, as for a new ledger.
  ///   - now: `nil` for the moment of the capture, to replay from there.
  package static func restore(_ file: [UInt8], settings: LedgerSettings, seed: UInt64, now: Moment?)
    throws(SnapshotError) -> RestoredLedger
  {
    // Typed throws do not pass through `withUnsafeBytes` with a result that cannot be copied.
    var restored: RestoredLedger?
    try file.withUnsafeBufferPointer { (buffer) throws(SnapshotError) in
      let bytes = UnsafeRawBufferPointer(buffer)
      let header = try SnapshotHeader(checking: bytes)
      let content = try inflate(bytes[SnapshotHeader.size...], header: header)
      try content.withUnsafeBufferPointer { (buffer) throws(SnapshotError) in
        let sections = try SectionTable(UnsafeRawBufferPointer(buffer))
        restored = try sections.restore(
          header: header, settings: settings, seed: seed, now: now ?? header.captured)
      }
    }
    return restored!
  }

  /// The captured state under another configuration, without a file between them. O(everything captured).
  package static func reconfigure(_ capture: LedgerCapture, settings: LedgerSettings, seed: UInt64, now: Moment)
    throws(SnapshotError) -> RestoredLedger
  {
    let content = content(of: capture)
    let header = SnapshotHeader(
      sequence: capture.sequence, contentLength: UInt64(content.count), bodyLength: 0,
      wall: capture.moment.wall.nanoseconds, steady: capture.moment.steady.nanoseconds,
      isRedacted: capture.isRedacted, bodyChecksum: 0)
    var restored: RestoredLedger?
    try content.withUnsafeBufferPointer { (buffer) throws(SnapshotError) in
      let sections = try SectionTable(UnsafeRawBufferPointer(buffer))
      restored = try sections.restore(header: header, settings: settings, seed: seed, now: now)
    }
    return restored!
  }

  /// Checks that a file is complete and unchanged, without reading its content. O(file).
  package static func check(_ file: [UInt8]) throws(SnapshotError) -> SnapshotHeader {
    try file.withUnsafeBufferPointer { (buffer) throws(SnapshotError) in
      try SnapshotHeader(checking: UnsafeRawBufferPointer(buffer))
    }
  }

  /// The number of the last journal record in a file, whose content may be damaged. O(1).
  package static func sequence(of file: [UInt8]) throws(SnapshotError) -> UInt64 {
    try file.withUnsafeBufferPointer { (buffer) throws(SnapshotError) in
      try SnapshotHeader(reading: UnsafeRawBufferPointer(buffer)).sequence
    }
  }

  /// A file's header and its content, inflated.
  static func open(_ file: [UInt8]) throws(SnapshotError) -> (header: SnapshotHeader, content: [UInt8]) {
    try file.withUnsafeBufferPointer { (buffer) throws(SnapshotError) in
      let bytes = UnsafeRawBufferPointer(buffer)
      let header = try SnapshotHeader(checking: bytes)
      return (header, try inflate(bytes[SnapshotHeader.size...], header: header))
    }
  }

  /// Puts a header before the compressed content.
  package static func seal(_ content: [UInt8], sequence: UInt64, moment: Moment, isRedacted: Bool)
    throws(SnapshotError) -> [UInt8]
  {
    guard UInt64(content.count) <= SnapshotHeader.contentLimit else {
      throw .tooLarge(bytes: UInt64(content.count), limit: SnapshotHeader.contentLimit)
    }
    let body = CompressionFormat.zlib.compress(content, level: 1)
    let header = SnapshotHeader(
      sequence: sequence, contentLength: UInt64(content.count), bodyLength: UInt64(body.count),
      wall: moment.wall.nanoseconds, steady: moment.steady.nanoseconds, isRedacted: isRedacted,
      bodyChecksum: crc32(body))
    return header.bytes + body
  }

  private static func content(of capture: LedgerCapture) -> [UInt8] {
    var writer = ByteWriter(reserving: capture.estimatedLength)
    writer.appendSection(.names) {
      $0.append(capture.labels)
      $0.append(capture.scopes)
    }
    writer.appendSection(.series) { SeriesSection.write(capture, to: &$0) }
    writer.appendSection(.accounts) { AccountSection.write(capture, to: &$0) }
    let limits = capture.savedLimits
    if !limits.isEmpty { writer.appendSection(.limits) { LimitSection.write(limits, to: &$0) } }
    let stops = capture.stoppedSubjects
    if !stops.isEmpty { writer.appendSection(.subjects) { SubjectSection.write(stops, to: &$0) } }
    if !capture.isRedacted {
      writer.appendSection(.reservations) { ReservationSection.write(capture, to: &$0) }
      writer.appendSection(.duplicates) { DuplicateSection.write(capture.savedDuplicates, to: &$0) }
      writer.appendSection(.pools) { PoolSection.write(capture, to: &$0) }
    }
    writer.appendSection(.scopes) { ScopeSection.write(capture, to: &$0) }
    writer.appendSection(.tallies) { TallySection.write(capture, to: &$0) }
    writer.appendSection(.counters) {
      for counter in capture.counters.named {
        $0.append(counter.name)
        $0.append(quantity: counter.value)
      }
    }
    writer.appendSection(.unpricedModels) { $0.append(capture.unpricedModels) }
    writer.appendSection(.estimates) { EstimateSection.write(capture, to: &$0) }
    writer.appendSection(.activities) { ActivitySection.write(capture.activities, to: &$0) }
    writer.appendSection(.costModels) { CostModelSection.write(capture.activities, to: &$0) }
    writer.appendSection(.forecasts) { ForecastSection.write(capture, to: &$0) }
    return writer.bytes
  }

  private static func inflate(_ body: Slice<UnsafeRawBufferPointer>, header: SnapshotHeader)
    throws(SnapshotError) -> [UInt8]
  {
    do {
      let limit = Int(header.contentLength)
      let content = try CompressionFormat.zlib.decompress(UnsafeRawBufferPointer(rebasing: body), limit: limit)
      guard content.count == limit else {
        throw SnapshotError.inconsistent("its content has \(content.count) bytes instead of \(limit)")
      }
      return content
    } catch let error as CompressionError {
      throw .inconsistent(error.description)
    } catch let error as SnapshotError {
      throw error
    } catch {
      throw .inconsistent("\(error)")
    }
  }
}
