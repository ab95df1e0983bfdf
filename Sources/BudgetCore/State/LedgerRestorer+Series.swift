// Series find their row by their labels: as stored, or read anew when the configuration exports others.
extension LedgerRestorer {
  package mutating func add(_ saved: SavedSeries) throws(InconsistentState) {
    try check(saved)
    guard hasSameLabels else { return try assign(saved) }
    guard rendered.accepts(saved.labels) else { throw InconsistentState("a series' labels are no label text") }
    let text = Array(saved.labels)
    guard ledger.series.find(labels: text, hash: ByteHash.hash(text, seed: ledger.seed)) < 0 else {
      throw InconsistentState("the series {\(String(decoding: text, as: UTF8.self))} appears twice")
    }
    merge(saved, into: row(text))
  }

  /// Adds a series to the one that its tags make under the labels of now, so that sums stay what they were.
  private mutating func assign(_ saved: SavedSeries) throws(InconsistentState) {
    guard String(validating: saved.labels, as: UTF8.self) != nil, let tags = LabelText.parse(saved.labels) else {
      throw InconsistentState("a series' labels are no label text")
    }
    var text: [UInt8] = []
    for label in ledger.settings.labels {
      if let tag = tags.first(where: { $0.key == label }) { LabelText.append(name: label, value: tag.value, to: &text) }
    }
    warn(.labelsChanged)
    merge(saved, into: row(text))
  }

  private mutating func row(_ text: [UInt8]) -> Int {
    let hash = ByteHash.hash(text, seed: ledger.seed)
    let found = ledger.series.find(labels: text, hash: hash)
    if found >= 0 { return found }
    let isOverflow = overflowTexts.contains(text)
    if isOverflow || ledger.seriesCount < ledger.settings.bounds.maxSeries {
      return ledger.series.insert(labels: text, hash: hash, lastUse: .min, isOverflow: isOverflow)
    }
    warn(.seriesFolded)
    let tokenType = LabelText.parse(text)?.first { $0.key == TagName.tokenType }?.value
    return ledger.overflowSeries(tokenType: tokenType, now: clock.now)
  }

  private mutating func merge(_ saved: SavedSeries, into index: Int) {
    var row = ledger.series[index]
    row.tokens = row.tokens.saturatingAdd(saved.tokens)
    row.requests = row.requests.saturatingAdd(saved.requests)
    row.items = row.items.saturatingAdd(saved.items)
    row.cost = StoredBounds.sum(row.cost, saved.cost)
    row.seen.formUnion(saved.seen)
    row.addCarry(saved.carry, items: saved.itemCarry)
    row.lastUse = max(row.lastUse, clock.past(saved.lastUse).nanoseconds)
    ledger.series[index] = row
    if let histogram = saved.histogram {
      let place = ledger.series.histogram(of: index)
      ledger.series.histograms[place].add(histogram)
    }
  }

  private func check(_ saved: SavedSeries) throws(InconsistentState) {
    guard saved.tokens >= 0, saved.requests >= 0, saved.items >= 0 else {
      throw InconsistentState("a series counts less than nothing")
    }
    guard saved.cost >= 0, StoredBounds.isValid(saved.cost) else {
      throw InconsistentState("a series' cost is out of bounds")
    }
    guard saved.seen.isSubset(of: [.tokens, .cost, .requests, .items]) else {
      throw InconsistentState("a series counts something unknown")
    }
    guard let histogram = saved.histogram else { return }
    // Every sum of sums stays finite.
    let largest = 1e200
    guard (0...largest).contains(histogram.sum) else { throw InconsistentState("a sum of durations is no sum") }
    for index in histogram.counts.indices where !(0...largest).contains(histogram.counts[index]) {
      throw InconsistentState("a count of durations is no count")
    }
  }
}
