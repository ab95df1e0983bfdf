import BudgetCore
import JSONText
import Snapshots

// The report for programs.
extension StateReport {
  func json() -> JSONWriter {
    var json = JSONWriter()
    json.beginObject()
    json.member("path", path)
    json.key("files")
    json.beginArray()
    for file in files { write(file, &json) }
    json.endArray()
    if isDirectory {
      let (acts, missing) = replay
      json.key("start")
      json.beginObject()
      json.key("snapshot")
      if let used { json.string(used.name) } else { json.null() }
      json.key("acts_to_replay")
      json.int(acts)
      json.key("acts_missing")
      json.int(missing)
      json.endObject()
      json.strings("other_files", others)
    }
    json.strings("problems", problems)
    json.strings("notes", notes)
    json.endObject()
    return json
  }

  private func write(_ file: File, _ json: inout JSONWriter) {
    json.beginObject()
    json.member("name", file.name)
    switch file.result {
    case .failure(let error):
      json.member("kind", "unusable")
      json.member("error", error.problem.text)
    case .success(.snapshot(let content, let bytes)): write(content, bytes: bytes.count, &json)
    case .success(.journal(let journal)): write(journal, &json)
    }
    json.endObject()
  }

  private func write(_ content: SnapshotContent, bytes: Int, _ json: inout JSONWriter) {
    json.member("kind", "snapshot")
    json.key("version")
    json.int(SnapshotHeader.version)
    json.member("captured_at", content.moment.wall.rfc3339)
    json.key("sequence")
    json.int(content.sequence)
    json.key("redacted")
    json.bool(content.header.isRedacted)
    json.key("bytes")
    json.int(bytes)
    json.key("content_bytes")
    json.int(content.header.contentLength)
    json.strings("labels", content.labels)
    json.key("counts")
    json.beginObject()
    for (name, count) in content.counts {
      json.key(named: name)
      json.int(count)
    }
    json.endObject()
  }

  private func write(_ journal: JournalInspection, _ json: inout JSONWriter) {
    json.member("kind", "journal")
    json.key("records")
    json.int(journal.records)
    if let first = journal.first, let last = journal.last {
      json.key("first")
      json.int(first)
      json.key("last")
      json.int(last)
    }
    if let began = journal.began, let ended = journal.ended {
      json.member("began_at", began.rfc3339)
      json.member("ended_at", ended.rfc3339)
    }
    json.key("kinds")
    json.beginObject()
    for (kind, count) in journal.kinds.sorted(by: { $0.key < $1.key }) {
      json.key(named: kind)
      json.int(count)
    }
    json.endObject()
    write(journal.end, &json)
  }

  private func write(_ end: JournalInspection.End, _ json: inout JSONWriter) {
    switch end {
    case .complete: json.member("end", "complete")
    case .torn(let at):
      json.member("end", "torn")
      json.key("end_byte")
      json.int(at)
    case .damaged(let at, let error):
      json.member("end", "damaged")
      json.key("end_byte")
      json.int(at)
      json.member("error", "\(error)")
    }
  }
}

extension JSONWriter {
  mutating func member(_ name: String, _ value: String) {
    key(named: name)
    string(value)
  }

  mutating func strings(_ name: String, _ values: [String]) {
    key(named: name)
    beginArray()
    for value in values { string(value) }
    endArray()
  }
}
