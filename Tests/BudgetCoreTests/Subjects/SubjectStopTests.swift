import Testing

@testable import BudgetCore

@Suite("Stopped subjects")
struct SubjectStopTests {
  private static let rogue = Tag(key: "agent", value: "rogue")

  @Test("stop acts on the next decision, whatever is left, and so does resume")
  func stopAndResume() {
    var ledger = makeLedger([.test(limit: 1000)])
    ledger.stopSubject(Self.rogue, reason: "loops", now: after(0))
    let decision = ledger.ask(tokens(1), tags(["agent": "rogue", "user": "alice"]), at: after(0))
    #expect(decision.verdict == .deny)
    #expect(decision.stop == SubjectStop(subject: Self.rogue, reason: "loops", since: after(0).wall))
    #expect(decision.breaches.isEmpty)
    #expect(ledger.hold(tokens(1), tags(["agent": "rogue"]), at: after(0)) == nil)
    #expect(ledger.ask(tokens(1), tags(["agent": "other"]), at: after(0)).verdict == .allow)
    #expect(ledger.resumeSubject(Self.rogue, now: after(5))?.reason == "loops")
    #expect(ledger.ask(tokens(1), tags(["agent": "rogue"]), at: after(5)).verdict == .allow)
    #expect(ledger.view(now: after(5)).counters.stoppedDenials == 1)
  }

  @Test("any tag can be a subject, with or without budgets", arguments: ["agent", "user", "session", "task", "team"])
  func anyTag(key: String) {
    var ledger = makeLedger()
    ledger.stopSubject(Tag(key: key, value: "x"), reason: "", now: after(0))
    #expect(ledger.ask(tokens(1), TagSet([Tag(key: key, value: "x")]), at: after(0)).verdict == .deny)
    #expect(ledger.ask(tokens(1), TagSet([Tag(key: key, value: "y")]), at: after(0)).verdict == .allow)
  }

  @Test("what a stopped subject uses is counted, and its open reservations can be settled")
  func counted() {
    var ledger = makeLedger([.test(limit: 1000)])
    guard let id = ledger.hold(tokens(100), tags(["agent": "rogue"]), at: after(0)) else { return #expect(Bool(false)) }
    ledger.stopSubject(Self.rogue, reason: "", now: after(1))
    _ = ledger.settle(id, actual: tokens(80), now: after(2))
    ledger.use(20, tags(["agent": "rogue"]), at: after(3))
    #expect(ledger.used(at: after(3)) == 100)
  }

  @Test("each stop and each resume is told once")
  func events() {
    var ledger = makeLedger()
    ledger.stopSubject(Self.rogue, reason: "loops", now: after(0))
    ledger.stopSubject(Self.rogue, reason: "still", now: after(1))
    _ = ledger.resumeSubject(Self.rogue, now: after(2))
    #expect(ledger.resumeSubject(Self.rogue, now: after(3)) == nil)
    let told = ledger.takeEvents().compactMap(\.subjectEvent)
    #expect(told.map(\.kind) == [.stop, .resume])
    #expect(told.map(\.reason) == ["loops", "still"])
    #expect(told.allSatisfy { $0.subject == Self.rogue })
  }

  @Test("as many are stopped as may be; reasons are cut at a character")
  func bounds() {
    var ledger = makeLedger()
    for number in 0..<Ledger.maximumStops {
      ledger.stopSubject(Tag(key: "user", value: "\(number)"), reason: "", now: after(Int64(number)))
    }
    guard case .full = ledger.stopSubject(Self.rogue, reason: "", now: after(0)) else { return #expect(Bool(false)) }
    _ = ledger.resumeSubject(Tag(key: "user", value: "5"), now: after(0))
    let long = String(repeating: "é", count: 200)
    guard case .stopped(let stop) = ledger.stopSubject(Self.rogue, reason: long, now: after(0)) else {
      return #expect(Bool(false))
    }
    #expect(stop.reason == String(repeating: "é", count: 128))
    #expect(ledger.stoppedSubjects.count == Ledger.maximumStops)
    #expect(ledger.stoppedSubjects[1].subject.value == "0" || ledger.stoppedSubjects[0].subject.value == "0")
  }
}
