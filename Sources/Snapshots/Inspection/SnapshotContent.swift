package import BudgetCore

/// Every row of a snapshot file as it is stored: for those who look at a file without the configuration of its ledger.
package struct SnapshotContent: SnapshotRows {
  package let header: SnapshotHeader
  package private(set) var labels: [String] = []
  package private(set) var scopes: [String] = []
  package private(set) var series: [SavedSeries] = []
  package private(set) var accounts: [SavedAccount] = []
  package private(set) var limits: [SavedLimits] = []
  package private(set) var stoppedSubjects: [SubjectStop] = []
  /// By state; a file for readers has none.
  package private(set) var reservations: [SavedReservation.State: Int] = [:]
  package private(set) var rememberedIDs = 0
  package private(set) var pools: [SavedPool] = []
  package private(set) var usage: [SavedScope] = []
  package private(set) var savedTallies: [SavedTally] = []
  package private(set) var namedCounters: [(name: String, value: Quantity)] = []
  package private(set) var unpricedModels: [String] = []
  package private(set) var estimates = 0
  package private(set) var activities = 0
  package private(set) var costModels = 0
  package private(set) var forecasts = 0

  package var moment: Moment { header.captured }
  package var sequence: UInt64 { header.sequence }
  package var estimatedLength: Int { Int(clamping: header.contentLength) }

  package func forEachSeries(_ body: (SavedSeries) -> Void) { series.forEach(body) }
  package func forEachAccount(_ body: (SavedAccount) -> Void) { accounts.forEach(body) }
  package func forEachScope(_ body: (SavedScope) -> Void) { usage.forEach(body) }

  /// Reads all that this program knows, to the end of each section. O(content); memory stays within the header's
  /// content limit, whatever the file claims.
  package init(_ file: [UInt8]) throws(SnapshotError) {
    let (header, content) = try SnapshotFile.open(file)
    self.header = header
    try content.withUnsafeBufferPointer { (buffer) throws(SnapshotError) in
      try read(try SectionTable(UnsafeRawBufferPointer(buffer)))
    }
    // What each row says alone can be wrong together: a ledger without budgets finds most of that.
    _ = try SnapshotFile.restore(file, settings: LedgerSettings(), seed: 0, now: nil)
  }

  private mutating func read(_ sections: SectionTable) throws(SnapshotError) {
    var names = try sections.reader(.names)
    labels = try names.texts()
    scopes = try names.texts()
    series = try sections.rows(.series, SeriesSection.read)
    accounts = try sections.rows(.accounts, AccountSection.read)
    usage = try sections.rows(.scopes, ScopeSection.read)
    savedTallies = try sections.rows(.tallies, TallySection.read)
    namedCounters = try sections.rows(.counters, SectionTable.readCounter)
    var models = try sections.reader(.unpricedModels)
    unpricedModels = try models.texts()
    if sections.has(.limits) { limits = try sections.rows(.limits, LimitSection.read) }
    if sections.has(.subjects) { stoppedSubjects = try sections.rows(.subjects, SubjectSection.read) }
    if !header.isRedacted { try readSecrets(sections) }
    try readLearned(sections)
  }

  private mutating func readSecrets(_ sections: SectionTable) throws(SnapshotError) {
    var reader = try sections.reader(.reservations)
    for _ in 0..<(try reader.count()) { reservations[try ReservationSection.read(&reader).state, default: 0] += 1 }
    _ = try ReservationSection.readClosed(&reader)
    var duplicates = try sections.reader(.duplicates)
    let ids = try DuplicateSection.read(&duplicates)
    rememberedIDs = ids.young.count + ids.old.count
    guard sections.has(.pools) else { return }
    var rows = try sections.reader(.pools)
    _ = try rows.varint()
    for _ in 0..<(try rows.count()) { pools.append(try PoolSection.read(&rows)) }
  }

  private mutating func readLearned(_ sections: SectionTable) throws(SnapshotError) {
    if sections.has(.estimates) {
      var rows = try sections.reader(.estimates)
      _ = try EstimateSection.readTally(&rows)
      _ = try EstimateSection.readSources(&rows)
      estimates = try rows.count()
      for _ in 0..<estimates { _ = try EstimateSection.readRow(&rows) }
    }
    if sections.has(.activities) {
      var rows = try sections.reader(.activities)
      _ = try ActivitySection.readTotals(&rows)
      activities = try rows.count()
      for _ in 0..<activities { _ = try ActivitySection.readRow(&rows) }
    }
    if sections.has(.costModels) {
      var rows = try sections.reader(.costModels)
      _ = try rows.signed()
      costModels = try rows.count()
      for _ in 0..<costModels { _ = try CostModelSection.readRow(&rows) }
    }
    if sections.has(.forecasts) {
      var rows = try sections.reader(.forecasts)
      _ = try ForecastSection.readPools(&rows)
      forecasts = try rows.count()
      for _ in 0..<forecasts { _ = try ForecastSection.readRow(&rows) }
    }
  }
}

extension SectionTable {
  /// The rows that fill a section to its end.
  fileprivate func rows<Row>(_ tag: SectionTag, _ read: (inout ByteReader) throws(SnapshotError) -> Row)
    throws(SnapshotError) -> [Row]
  {
    var reader = try reader(tag)
    var rows: [Row] = []
    while !reader.isAtEnd { rows.append(try read(&reader)) }
    return rows
  }
}
