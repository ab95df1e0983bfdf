import BudgetCore

/// Records that wait to be written, in the order of their numbers. Not safe by itself: the journal locks it.
struct JournalBuffer {
  /// Whole records, their checksums still missing.
  var records = ByteWriter()
  /// Empty, with room.
  private var spare = ByteWriter()
  /// Where in `records` a new file starts, and the number of its first record.
  private(set) var cuts: [(offset: Int, first: UInt64)] = []
  /// The number of the last act, kept or not.
  private(set) var last: UInt64
  /// Acts since the last cut.
  private(set) var actCount = 0
  /// Of them those that were kept.
  private var keptActs = 0
  /// Acts that were kept before the last cut, and that no snapshot has.
  private var olderActs: Int
  /// False when there is no file that records could go to: from a failure on, until a cut.
  private(set) var isOpen = false

  /// A disk that falls this far behind is one that fails.
  static let mostBytes = 32 << 20
  /// More memory than this is not kept for the next records.
  private static let mostSpareBytes = 1 << 20

  /// - Parameter unsavedActs: in older journals.
  init(last: UInt64, unsavedActs: Int = 0) {
    self.last = last
    olderActs = unsavedActs
  }

  /// What a start now would have to do again, at most.
  var unsavedActs: Int { olderActs + keptActs }

  var byteCount: Int { records.bytes.count }
  var isEmpty: Bool { records.bytes.isEmpty && cuts.isEmpty }
  var isTooFull: Bool { records.bytes.count > Self.mostBytes }

  /// - Parameter isAct: false for a batch of lines.
  mutating func append(isAct: Bool = true, _ payload: (inout ByteWriter) -> Void) -> UInt64 {
    last += 1
    if isAct { actCount += 1 }
    // A writer that is held up by its disk takes nothing out: what waits stays bounded, and the next flush gives up.
    guard isOpen, !isTooFull else { return last }
    if isAct { keptActs += 1 }
    let start = records.bytes.count
    records.append(fixed: UInt64(0))
    payload(&records)
    records.setLength(at: start, to: UInt32(clamping: records.bytes.count - start - JournalFormat.frameSize))
    return last
  }

  /// What is appended from here on goes to a new file.
  mutating func cut() {
    cuts.append((records.bytes.count, last + 1))
    isOpen = true
    olderActs += keptActs
    (actCount, keptActs) = (0, 0)
  }

  /// A snapshot has everything from before the last cut.
  mutating func saved() { olderActs = 0 }

  /// Takes everything out. Memory that was given back is used again: fresh pages cost more than what they hold.
  mutating func take() -> JournalBuffer {
    let taken = self
    records = spare
    spare = ByteWriter()
    cuts = []
    return taken
  }

  /// Gives back the memory of records that are written.
  mutating func recycle(_ written: consuming ByteWriter) {
    guard written.capacity <= Self.mostSpareBytes else { return }
    written.removeAll()
    spare = written
  }

  /// Drops what waits and takes nothing before the next cut.
  mutating func close() {
    records = ByteWriter()
    cuts = []
    isOpen = false
  }

  /// Which of the records go to each file: to the current one first, then to new ones, which may get nothing yet.
  var parts: [(first: UInt64?, records: Range<Int>)] {
    var parts: [(first: UInt64?, records: Range<Int>)] = []
    let start = cuts.first?.offset ?? byteCount
    if start > 0 { parts.append((nil, 0..<start)) }
    for (index, cut) in cuts.enumerated() {
      parts.append((cut.first, cut.offset..<(index + 1 < cuts.count ? cuts[index + 1].offset : byteCount)))
    }
    return parts
  }
}
