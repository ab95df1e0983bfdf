/// The numbers of one exported series.
///
/// Its pointer is to bytes that are written once; who holds a row outside the lock holds their pages too.
package struct SeriesRow: @unchecked Sendable {
  /// The series' labels, rendered once: `agent="a",user="b",…`. Alive as long as the pages of its table.
  package internal(set) var labels: UnsafeRawPointer
  /// Nanoseconds on the steady clock. From here on stands together what each use changes.
  package internal(set) var lastUse: Int64
  package internal(set) var cost: Quantity = 0
  package internal(set) var tokens: Int64 = 0
  package internal(set) var requests: Int64 = 0
  /// The part of sampled or fractional tokens (requests, in a series of calls) that is not a whole one yet, in 2^-32.
  var carry: UInt32 = 0
  package internal(set) var labelsLength: UInt32
  package internal(set) var items: Int64 = 0
  /// Index of the duration histogram; -1 without.
  package internal(set) var histogram: Int32 = -1
  /// The same of items: they share their row with requests, but not their parts.
  var itemCarry: UInt32 = 0
  /// Which of the counters ever counted: a series shows only those.
  package internal(set) var seen: Kinds = []

  package struct Kinds: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let tokens = Kinds(rawValue: 1)
    package static let cost = Kinds(rawValue: 2)
    package static let requests = Kinds(rawValue: 4)
    package static let items = Kinds(rawValue: 8)
  }
}

extension SeriesRow {
  /// Takes over another row's parts of a unit; what they complete counts.
  mutating func addCarry(_ other: UInt32, items otherItems: UInt32) {
    let (sum, isWhole) = carry.addingReportingOverflow(other)
    carry = sum
    if isWhole, seen.contains(.tokens) {
      tokens = tokens.saturatingAdd(1)
    } else if isWhole {
      requests = requests.saturatingAdd(1)
    }
    let (itemSum, isWholeItem) = itemCarry.addingReportingOverflow(otherItems)
    itemCarry = itemSum
    if isWholeItem { items = items.saturatingAdd(1) }
  }
}

/// All exported series, found by the text of their labels.
struct SeriesTable: ~Copyable {
  private(set) var keys = KeyTable()
  private(set) var rows: Slab<SeriesRow>
  var histograms = Slab<DurationHistogram>()
  private var vacantHistograms: [Int32] = []

  init(expecting bound: Int) { rows = Slab(expecting: bound) }

  var count: Int { keys.count }
  /// How many of them are nobody's own: they take what found no place, and are never removed.
  private(set) var overflowCount = 0

  @inline(__always)
  func fetch(_ index: Int) { rows.fetch(index) }

  subscript(index: Int) -> SeriesRow {
    unsafeAddress { UnsafePointer(rows.address(index)) }
    unsafeMutableAddress { rows.address(index) }
  }

  func find(labels: [UInt8], hash: UInt64) -> Int {
    labels.withUnsafeBytes { keys.find($0.baseAddress ?? ByteHash.emptyByte, count: $0.count, hash: hash) }
  }

  mutating func insert(labels: [UInt8], hash: UInt64, lastUse: Int64, isOverflow: Bool) -> Int {
    if isOverflow { overflowCount += 1 }
    let index = labels.withUnsafeBytes {
      keys.insert($0.baseAddress ?? ByteHash.emptyByte, count: $0.count, hash: hash)
    }
    let key = keys.key(index)
    let row = SeriesRow(labels: key.baseAddress!, lastUse: lastUse, labelsLength: UInt32(key.count))
    if index == rows.count { rows.append(row) } else { rows[index] = row }
    return index
  }

  /// The histogram of a series, made at its first duration.
  mutating func histogram(of index: Int) -> Int {
    if rows[index].histogram < 0 {
      if let vacant = vacantHistograms.popLast() {
        histograms[Int(vacant)] = DurationHistogram()
        rows[index].histogram = vacant
      } else {
        rows[index].histogram = Int32(histograms.append(DurationHistogram()))
      }
    }
    return Int(rows[index].histogram)
  }

  /// Removes a series after adding its numbers to another, so that sums over all series never go back.
  mutating func fold(_ index: Int, into target: Int) {
    let gone = rows[index]
    rows[target].tokens = rows[target].tokens.saturatingAdd(gone.tokens)
    rows[target].requests = rows[target].requests.saturatingAdd(gone.requests)
    rows[target].items = rows[target].items.saturatingAdd(gone.items)
    rows[target].cost += gone.cost
    rows[target].seen.formUnion(gone.seen)
    rows[target].addCarry(gone.carry, items: gone.itemCarry)
    if gone.histogram >= 0 {
      let sum = histogram(of: target)
      histograms[sum].add(histograms[Int(gone.histogram)])
      vacantHistograms.append(gone.histogram)
    }
    // An empty row stays for the next newcomer; a copy of the rows shows nothing of it, nor points anywhere.
    rows[index] = SeriesRow(labels: ByteHash.emptyByte, lastUse: gone.lastUse, labelsLength: 0)
    if keys.remove(index) { refreshLabels() }
  }

  private mutating func refreshLabels() {
    for index in 0..<rows.count where keys.isOccupied(index) { rows[index].labels = keys.key(index).baseAddress! }
  }
}
