import BudgetCore
import Glibc
import JSONText
import Synchronization
import Testing
import UsageProtocol

@testable import LedgerAccess

@Suite("Shared ledger")
struct SharedLedgerTests {
  private static let threads = 8

  /// Runs `body` as often at once and waits for all of them.
  private func concurrently(_ body: @escaping @Sendable (Int) -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<Self.threads { group.addTask { body(index) } }
    }
  }

  private static func count(_ tokens: Int64, in ledger: SharedLedger) {
    guard let object = try? UsageObject(JSONValue.parse("{\"agent\": \"a\", \"tokens\": \(tokens)}")) else { return }
    _ = ledger.record([object])
  }

  @Test("lines, objects, reservations and reads from many threads lose nothing and count nothing twice")
  func sums() async throws {
    let ledger = makeLedger([.test(limit: nil), .test("calls", limit: nil, unit: .requests)])
    let counters = LineCounters()
    let object = try UsageObject(JSONValue.parse(#"{"agent": "a", "tokens": 3, "requests": 1}"#))
    await concurrently { index in
      let intake = LineIntake(source: .udp, ledger: ledger, counters: counters)
      let line = Array("tokens:5|c|#agent:a\nrequests:1|c|#agent:a".utf8)
      for round in 0..<200 {
        line.withUnsafeBytes {
          intake.parse($0)
          intake.handOver()
        }
        _ = ledger.record([object])
        if case .granted(let id, _, _) = ledger.reserve(tokens(11), ttl: nil).0 {
          if (round + index).isMultiple(of: 2) {
            _ = ledger.settle(id, actual: Spend(tokens: [TokenAmount(kind: .output, count: 7)], requests: 1))
          } else {
            _ = ledger.release(id)
          }
        }
        if round.isMultiple(of: 50) {
          _ = ledger.view()
          _ = ledger.capture()
          ledger.maintain()
        }
      }
    }
    let rounds = Quantity(Self.threads * 200)
    let accounts = ledger.accounts()
    #expect(accounts.map(\.used) == [rounds * (5 + 3) + rounds / 2 * 7, rounds * 2 + rounds / 2])
    #expect(accounts.map(\.reserved) == [0, 0])
    #expect(counters.tally(of: .udp).lines == Int64(rounds) * 2)
    #expect(ledger.view().0.openReservations == 0)
  }

  @Test("a hard budget is never over-promised, however many ask at once")
  func hardLimit() async {
    let ledger = makeLedger([.test(limit: 1000)])
    let granted = Mutex(0)
    await concurrently { _ in
      for _ in 0..<100 {
        if case .granted = ledger.reserve(tokens(7), ttl: nil).0 { granted.withLock { $0 += 1 } }
      }
    }
    #expect(granted.withLock { $0 } == 1000 / 7)
    #expect(ledger.accounts()[0].reserved == 994)
  }

  @Test("A17: one crossing is told once, however many cross it at once")
  func oneEvent() async {
    let told = Mutex<[BudgetEvent.Kind]>([])
    let ledger = makeLedger(
      [.test(limit: 1000)], observer: { events in told.withLock { $0 += events.compactMap(\.budgetEvent).map(\.kind) } }
    )
    await concurrently { _ in
      for _ in 0..<100 { Self.count(3, in: ledger) }
    }
    #expect(told.withLock { Set($0) } == [.warn, .exhausted, .exceeded])
    #expect(told.withLock { $0.count } == 3)
  }

  @Test("A4: events are told in the order in which they happened, and before the last caller returns")
  func inOrder() async {
    let told = Mutex<[Quantity]>([])
    let budgets = (1...50).map { Budget.test("b\($0)", limit: Quantity($0) * 20) }
    let ledger = makeLedger(
      budgets,
      observer: { events in
        if events.count.isMultiple(of: 2) { usleep(50) }
        told.withLock { $0 += events.compactMap { $0.budgetEvent?.used } }
      })
    await concurrently { _ in
      for _ in 0..<130 { Self.count(1, in: ledger) }
    }
    let used = told.withLock { $0 }
    #expect(used == used.sorted(), "used of every event, as it grew")
    #expect(used.count == 50 * 3)
  }

  @Test("an observer may call the ledger: events are told outside the lock")
  func observerCallsBack() {
    let box = Mutex<SharedLedger?>(nil)
    let seen = Mutex<[Quantity]>([])
    let observer: SharedLedger.Observer = { events in
      guard let ledger = box.withLock({ $0 }) else { return }
      for _ in events { seen.withLock { $0.append(ledger.accounts()[0].used) } }
      if events.contains(where: { $0.budgetEvent?.kind == .warn }) { Self.count(5, in: ledger) }
    }
    let ledger = makeLedger([.test(limit: 10)], observer: observer)
    box.withLock { $0 = ledger }
    Self.count(8, in: ledger)
    // Warned at 8; the observer's own 5 tell of two crossings more, at 13.
    #expect(seen.withLock { $0 } == [8, 13, 13])
    box.withLock { $0 = nil }
  }

  @Test("A4: what was not told yet when the configuration changes is told all the same, once")
  func toldAcrossConfigurations() {
    let box = Mutex<SharedLedger?>(nil)
    let told = Mutex<[BudgetEvent.Kind]>([])
    let observer: SharedLedger.Observer = { events in
      let kinds = events.compactMap { $0.budgetEvent?.kind }
      told.withLock { $0 += kinds }
      guard kinds == [.warn], let ledger = box.withLock({ $0 }) else { return }
      // Nobody else tells while this observer does.
      Self.count(5, in: ledger)
      _ = ledger.reconfigure { (capture, now) throws(Never) in
        LedgerRestorer(
          settings: LedgerSettings(), seed: ledger.seed, captured: capture.moment, sequence: 0, labels: [], now: now
        ).finish()
      }
    }
    let ledger = makeLedger([.test(limit: 10)], observer: observer)
    box.withLock { $0 = ledger }
    Self.count(8, in: ledger)
    #expect(told.withLock { $0 } == [.warn, .exhausted, .exceeded])
    #expect(ledger.accounts().isEmpty, "the new configuration has no budget")
    box.withLock { $0 = nil }
  }

  @Test("the moments that the ledger sees never go back, though many threads ask at once")
  func momentsInOrder() async {
    let ticks = Atomic<Int64>(0)
    let ledger = makeLedger(
      [.test(limit: nil)],
      clock: {
        let tick = ticks.add(1, ordering: .relaxed).newValue
        // Who reads the time outside the lock is overtaken here.
        if tick.isMultiple(of: 3) { usleep(20) }
        return Moment(Instant(nanoseconds: tick))
      })
    let wrong = Atomic<Int>(0)
    await concurrently { _ in
      for _ in 0..<500 {
        Self.count(1, in: ledger)
        let (view, now) = ledger.view()
        if view.accounts[0].account.lastUse > now.steady { wrong.add(1, ordering: .relaxed) }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  @Test("a question that comes while a long batch is counted is answered in between, and every line counts")
  func questionsGoFirst() async throws {
    let lines = 4096
    let box = Mutex<SharedLedger?>(nil)
    let asked = Atomic<Bool>(false)
    let seen = Mutex<[Quantity]>([])
    let ledger = makeLedger(
      [.test(limit: nil)],
      clock: {
        // The first to read the time holds the ledger for the batch. It goes on when the question waits.
        guard let ledger = box.withLock({ $0 }), !asked.exchange(true, ordering: .relaxed) else { return noon }
        let ask: @Sendable () -> Void = {
          let used = ledger.check(tokens(1)).0.accounts.first?.used
          seen.withLock { $0.append(used ?? -1) }
        }
        Task.detached { ask() }
        while !ledger.isAwaited { usleep(100) }
        return noon
      })
    box.withLock { $0 = ledger }
    let intake = LineIntake(source: .udp, ledger: ledger, counters: LineCounters())
    Array(String(repeating: "tokens:1|c|#agent:a\n", count: lines).utf8).withUnsafeBytes { intake.parse($0) }
    intake.handOver()
    while seen.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
    #expect(seen.withLock { $0[0] } < Quantity(lines))
    #expect(ledger.accounts()[0].used == Quantity(lines))
    box.withLock { $0 = nil }
  }
}
