import BudgetCore

/// Where each known section of a snapshot's content lies.
struct SectionTable {
  private var sections: [SectionTag: UnsafeRawBufferPointer] = [:]

  init(_ content: UnsafeRawBufferPointer) throws(SnapshotError) {
    var reader = ByteReader(content)
    while !reader.isAtEnd {
      let letters = try reader.take(4)
      guard letters.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else {
        throw .inconsistent("a section has no name")
      }
      let name = String(decoding: letters, as: UTF8.self)
      let length: UInt64 = try reader.fixed()
      let body = try reader.take(Int(clamping: length))
      // A later version's: what it adds can be done without.
      guard let tag = SectionTag(rawValue: name) else { continue }
      guard sections.updateValue(body, forKey: tag) == nil else {
        throw .inconsistent("the section \(name) appears twice")
      }
    }
  }

  /// Fills a new ledger.
  func restore(header: SnapshotHeader, settings: LedgerSettings, seed: UInt64, now: Moment)
    throws(SnapshotError) -> RestoredLedger
  {
    var names = try reader(.names)
    let labels = try names.texts()
    // Scopes stand with each of their values; the list is for readers of the file.
    _ = try names.texts()
    var restorer = LedgerRestorer(
      settings: settings, seed: seed, captured: header.captured, sequence: header.sequence, labels: labels, now: now)
    if header.isRedacted { restorer.noteRedacted() }
    try each(.series, &restorer, SeriesSection.read) { (restorer, row) throws(InconsistentState) in
      try restorer.add(row)
    }
    try each(.accounts, &restorer, AccountSection.read) { (restorer, row) throws(InconsistentState) in
      try restorer.add(row)
    }
    if sections[.limits] != nil {
      try each(.limits, &restorer, LimitSection.read) { (restorer, row) throws(InconsistentState) in
        try restorer.add(row)
      }
    }
    if sections[.subjects] != nil {
      try each(.subjects, &restorer, SubjectSection.read) { (restorer, row) throws(InconsistentState) in
        try restorer.add(row)
      }
    }
    if !header.isRedacted { try restoreSecrets(&restorer) }
    try each(.scopes, &restorer, ScopeSection.read) { (restorer, row) throws(InconsistentState) in try restorer.add(row)
    }
    try each(.tallies, &restorer, TallySection.read) { (restorer, row) throws(InconsistentState) in
      try restorer.add(row)
    }
    try each(.counters, &restorer, Self.readCounter) { (restorer, row) throws(InconsistentState) in
      try restorer.setCounter(row.name, to: row.value)
    }
    var models = try reader(.unpricedModels)
    restorer.setUnpricedModels(try models.texts())
    try restoreEstimates(&restorer)
    try restoreActivities(&restorer)
    try restoreForecasts(&restorer)
    return restorer.finish()
  }

  /// What only the sidecar itself may read: reservations with their ids, remembered ids with their seed.
  private func restoreSecrets(_ restorer: inout LedgerRestorer) throws(SnapshotError) {
    var reservations = try reader(.reservations)
    for _ in 0..<(try reservations.count()) {
      let row = try ReservationSection.read(&reservations)
      try accept { () throws(InconsistentState) in try restorer.add(row) }
    }
    let closed = try ReservationSection.readClosed(&reservations)
    try accept { () throws(InconsistentState) in try restorer.setClosed(closed) }
    var duplicates = try reader(.duplicates)
    restorer.set(try DuplicateSection.read(&duplicates))
    if let section = sections[.pools] { try restorePools(ByteReader(section), &restorer) }
  }

  private func restorePools(_ reader: ByteReader, _ restorer: inout LedgerRestorer) throws(SnapshotError) {
    var pools = reader
    restorer.setNextAllocation(try pools.varint())
    for _ in 0..<(try pools.count()) {
      let row = try PoolSection.read(&pools)
      try accept { () throws(InconsistentState) in try restorer.add(row) }
    }
  }

  private func restoreEstimates(_ restorer: inout LedgerRestorer) throws(SnapshotError) {
    guard sections[.estimates] != nil else { return }
    var estimates = try reader(.estimates)
    restorer.setEstimateTally(try EstimateSection.readTally(&estimates))
    for entry in try EstimateSection.readSources(&estimates) {
      restorer.setOutputSource(entry.source, slot: entry.slot)
    }
    for _ in 0..<(try estimates.count()) {
      let row = try EstimateSection.readRow(&estimates)
      try accept { () throws(InconsistentState) in try restorer.add(row) }
    }
  }

  private func restoreActivities(_ restorer: inout LedgerRestorer) throws(SnapshotError) {
    if let section = sections[.activities] {
      var rows = ByteReader(section)
      let totals = try ActivitySection.readTotals(&rows)
      try accept { () throws(InconsistentState) in try restorer.set(totals) }
      for _ in 0..<(try rows.count()) {
        let row = try ActivitySection.readRow(&rows)
        try accept { () throws(InconsistentState) in try restorer.add(row) }
      }
    }
    if let section = sections[.costModels] {
      var rows = ByteReader(section)
      restorer.setOtherAnomalies(try rows.signed())
      for _ in 0..<(try rows.count()) {
        let row = try CostModelSection.readRow(&rows)
        try accept { () throws(InconsistentState) in try restorer.add(row) }
      }
    }
  }

  private func restoreForecasts(_ restorer: inout LedgerRestorer) throws(SnapshotError) {
    guard let section = sections[.forecasts] else { return }
    var rows = ByteReader(section)
    let pools = try ForecastSection.readPools(&rows)
    try accept { () throws(InconsistentState) in try restorer.setForecastPools(pools) }
    for _ in 0..<(try rows.count()) {
      let row = try ForecastSection.readRow(&rows)
      try accept { () throws(InconsistentState) in try restorer.add(row) }
    }
  }

  /// Reads rows to the end of a section and hands over each.
  private func each<Row>(
    _ tag: SectionTag, _ restorer: inout LedgerRestorer, _ read: (inout ByteReader) throws(SnapshotError) -> Row,
    add: (inout LedgerRestorer, Row) throws(InconsistentState) -> Void
  ) throws(SnapshotError) {
    var rows = try reader(tag)
    while !rows.isAtEnd {
      let row = try read(&rows)
      try accept { () throws(InconsistentState) in try add(&restorer, row) }
    }
  }

  private func accept(_ step: () throws(InconsistentState) -> Void) throws(SnapshotError) {
    do throws(InconsistentState) { try step() } catch { throw .inconsistent(error.what) }
  }

  static func readCounter(_ reader: inout ByteReader) throws(SnapshotError) -> (name: String, value: Quantity) {
    (name: try reader.text(), value: try reader.quantity())
  }

  func has(_ tag: SectionTag) -> Bool { sections[tag] != nil }

  func reader(_ tag: SectionTag) throws(SnapshotError) -> ByteReader {
    guard let section = sections[tag] else { throw .inconsistent("the section \(tag.rawValue) is missing") }
    return ByteReader(section)
  }
}
