import BudgetCore
import Synchronization
import Testing

@testable import Snapshots

@Suite("Journal")
struct JournalTests {
  @Test("every kind of act and lines come back as they were, in order, with their moments")
  func roundTrip() {
    let scene = JournalScene()
    scene.journal.cut()
    var expected: [Replayed] = []
    for (index, act) in SampleActs.all.enumerated() {
      let now = Moment(wall: noon + .seconds(Int64(index)), steady: noon - .seconds(Int64(index)))
      #expect(scene.journal.append(act, at: now) == UInt64(index) + 1)
      expected.append(.act(act, now))
    }
    let other = SampleUsage(1 << 40, kind: .cost, tags: "user:b")
    scene.append(usage: SampleUsage(1), other, at: .after(.seconds(1)))
    scene.append(usage: other, SampleUsage(7))
    expected += [
      .usage([SampleUsage(1), other], .after(.seconds(1))), .usage([other, SampleUsage(7)], .after(.zero)),
    ]
    scene.journal.flush()
    let (replay, content) = scene.replay()
    #expect(content == expected)
    #expect(replay.last == UInt64(expected.count) && replay.records == UInt64(expected.count))
    #expect(replay.tornTails == 0 && replay.notices.isEmpty && replay.missing == 0)
  }

  @Test("tags come back the same, with all that they mean, whatever they are made of")
  func tags() {
    let lists: [[(String, String)]] = [
      [], [("agent", "a")], [("a", "1"), ("agent", "x y"), ("z", "~")], [("agent", "ä"), ("user", "b")],
      [("größe", "1"), ("agent", "a")], [("id", "1"), ("reservation", "r"), ("allocation", "p"), ("fingerprint", "f")],
      [("kind", "output")], [("token_type", "input"), ("model", "m")], [("", "empty"), ("agent", "a")],
      [("agent", String(repeating: "long", count: 100))], [("agent", "tab\tnewline\nnull\0")],
    ]
    for list in lists {
      let tags = TagSet(list.map { Tag(key: $0.0, value: $0.1) })
      let scene = JournalScene()
      scene.journal.cut()
      let act = LedgerAct.record(Spend(), tags: tags, id: nil, duration: nil)
      _ = scene.journal.append(act, at: .after(.zero))
      scene.journal.flush()
      #expect(scene.replay().content == [.act(act, .after(.zero))], "\(list)")
      #expect(tags.count == tags.tags.count)
    }
  }

  @Test("callers that come again come back the same, however many others came in between")
  func manyCallers() {
    let scene = JournalScene()
    scene.journal.cut()
    var expected: [Replayed] = []
    for round in 0..<3 {
      for number in 0..<6_000 {
        let id = String(repeating: "\(number)", count: number % 500 == 0 ? 200 : 1)
        let tags = TagSet([Tag(key: "agent", value: id), Tag(key: "model", value: "m\(number % 7)")])
        var spend = Spend(tokens: [TokenAmount(kind: .input, count: Int64(round))])
        if number % 2 == 0 { spend.tokens.append(TokenAmount(kind: .other("inputs"), count: Int64(number))) }
        let act = LedgerAct.record(spend, tags: tags, id: nil, duration: nil)
        _ = scene.journal.append(act, at: .after(.zero))
        expected.append(.act(act, .after(.zero)))
      }
    }
    scene.journal.flush()
    let isSame = scene.replay().content == expected
    #expect(isSame)
  }

  @Test("amounts come back the same at every length that they are written in")
  func amounts() throws {
    for bit in 0..<127 {
      for value in [Int128(1) << bit, (Int128(1) << bit) - 1, -(Int128(1) << bit), 1 - (Int128(1) << bit)] {
        var writer = ByteWriter()
        writer.append(quantity: value)
        try writer.bytes.withUnsafeBytes { (bytes) throws in
          var reader = ByteReader(bytes)
          let read = try reader.quantity()
          #expect(read == value)
          #expect(reader.isAtEnd)
        }
      }
    }
  }

  @Test("only what comes after the snapshot is done again, however often it is asked for")
  func idempotent() {
    let scene = JournalScene()
    scene.journal.cut()
    for _ in 0..<10 { _ = scene.journal.append(.show, at: .after(.zero)) }
    scene.journal.flush()
    #expect(scene.replay(after: 4).replay.records == 6)
    #expect(scene.replay(after: 10).replay.records == 0)
    #expect(scene.replay(after: 99).replay.last == 99)
  }

  @Test("a cut starts a file; files that two snapshots have made needless go, the others stay")
  func files() throws {
    let scene = JournalScene(sequence: 100)
    for _ in 0..<3 {
      scene.journal.cut()
      for _ in 0..<5 { _ = scene.journal.append(.show, at: .after(.zero)) }
      scene.journal.flush()
    }
    #expect(scene.directory.names.count == 3)
    #expect(scene.replay(after: 100).replay.records == 15)
    let directory = JournalDirectory(directory: scene.directory.path)
    try directory.removeFiles(through: 104, damaged: [])
    #expect(scene.directory.names.count == 3)
    try directory.removeFiles(through: 105, damaged: [])
    #expect(scene.directory.names.count == 2)
    #expect(scene.replay(after: 105).replay.records == 10)
    try directory.removeFiles(through: 115, damaged: [])
    #expect(scene.directory.names.count == 1)
  }

  @Test("whether acts may stand behind a number is told without a replay, and never wrongly denied")
  func mayHoldActs() throws {
    let scene = JournalScene(sequence: 100)
    let journals = JournalDirectory(directory: scene.directory.path)
    #expect(!journals.mayHoldActs(after: 100))
    scene.journal.cut()
    scene.journal.flush()
    #expect(!journals.mayHoldActs(after: 100) && journals.mayHoldActs(after: 99))
    for _ in 0..<3 { _ = scene.journal.append(.show, at: .after(.zero)) }
    scene.journal.flush()
    #expect(journals.mayHoldActs(after: 102) && !journals.mayHoldActs(after: 103))
    scene.journal.cut()
    scene.journal.flush()
    #expect(journals.mayHoldActs(after: 102) && !journals.mayHoldActs(after: 103))
    for _ in 0..<400 { scene.append(usage: SampleUsage(1, tags: "id:" + String(repeating: "x", count: 200))) }
    scene.journal.flush()
    // Too long to look at for that.
    #expect(journals.mayHoldActs(after: 503))

    let torn = JournalScene(sequence: 100)
    torn.journal.cut()
    _ = torn.journal.append(.show, at: .after(.zero))
    torn.journal.flush()
    let (name, journal) = (torn.directory.names[0], JournalDirectory(directory: torn.directory.path))
    #expect(!journal.mayHoldActs(after: 101))
    torn.directory.write(Array(torn.directory.read(name).dropLast(1)), to: name)
    #expect(journal.mayHoldActs(after: 101))
  }

  @Test("a gap between files is counted, and what comes after it is done all the same")
  func gap() {
    let scene = JournalScene()
    scene.journal.cut()
    _ = scene.journal.append(.show, at: .after(.zero))
    scene.journal.flush()
    let later = Journal(directory: scene.directory.path, policy: .never, sequence: 10)
    later.cut()
    _ = later.append(.show, at: .after(.zero))
    later.flush()
    let (replay, _) = scene.replay()
    #expect(replay.records == 2 && replay.missing == 9 && replay.last == 11)
    #expect(replay.notices == ["9 acts are in no journal: what they used was lost"])
  }

  @Test("with its threads: who waits is called when the act is written, and not before", .timeLimit(.minutes(1)))
  func waiting() async throws {
    let scene = JournalScene(policy: .interval(.milliseconds(20)))
    scene.journal.cut()
    try scene.journal.start()
    defer { scene.journal.stop() }
    for _ in 0..<200 {
      let number = scene.journal.append(.show, at: .after(.zero))
      await withCheckedContinuation { continuation in
        if scene.journal.whenSettled(number, { continuation.resume() }) { continuation.resume() }
      }
      #expect(scene.journal.status.written >= number)
    }
    #expect(scene.replay().replay.records == 200)
  }

  @Test("what nobody waits for is written within a moment", .timeLimit(.minutes(1)))
  func unwaited() async throws {
    let scene = JournalScene(policy: .never)
    scene.journal.cut()
    try scene.journal.start()
    defer { scene.journal.stop() }
    _ = scene.journal.append(.show, at: .after(.zero))
    while scene.journal.status.written < 1 { try await Task.sleep(for: .milliseconds(1)) }
    #expect(scene.replay().replay.records == 1)
  }

  @Test("stopping writes what waits")
  func stopping() throws {
    let scene = JournalScene(policy: .interval(.seconds(100)))
    scene.journal.cut()
    try scene.journal.start()
    for _ in 0..<1000 { _ = scene.journal.append(.show, at: .after(.zero)) }
    scene.journal.stop()
    #expect(scene.replay().replay.records == 1000)
  }
}
