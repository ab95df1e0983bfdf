import BudgetCore

/// Each stopped subject: its tag, why, since when.
enum SubjectSection {
  static func write(_ stops: [SubjectStop], to writer: inout ByteWriter) {
    for stop in stops {
      writer.append([stop.subject])
      writer.append(stop.reason)
      writer.append(signed: stop.since.nanoseconds)
    }
  }

  static func read(_ reader: inout ByteReader) throws(SnapshotError) -> SubjectStop {
    let tags = try reader.tags()
    guard tags.count == 1 else { throw .inconsistent("a stopped subject is not one tag") }
    return SubjectStop(
      subject: tags[0], reason: try reader.text(), since: Instant(nanoseconds: try reader.signed()))
  }
}
