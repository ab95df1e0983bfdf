package import BudgetCore
import Glibc
import NIOConcurrencyHelpers
import Synchronization
package import UsageProtocol

/// The ledger behind its one lock: every critical section of the sidecar has a name here.
///
/// Sections are short and never do I/O. Events that a section caused are told to the observer after the lock was let
/// go, at once and in the order in which they happened: by the caller that caused them, or by one that is telling at
/// that moment. A slow observer holds up the caller that tells it and nobody else.
package final class SharedLedger: Sendable {
  package typealias Observer = @Sendable ([LedgerEvent]) -> Void

  /// The hash seed that parsed events must carry.
  package let seed: UInt64
  private let clock: @Sendable () -> Moment
  private let observer: Observer
  let journal: (any ActJournal)?
  private let lock = NIOLock()
  /// Who waits for the lock with a question; lines let them go first.
  private let waiting = Synchronization.Atomic<Int>(0)
  /// The number of the last act, for those who need nothing else and should not wait for the lock.
  private let lastSequence: Synchronization.Atomic<UInt64>
  /// The part of the settings that every decision needs, the same way.
  private let currentAdvice: NIOLockedValueBox<AdviceSettings>
  // Guarded by `lock`.
  private nonisolated(unsafe) var ledger: Ledger
  /// Whether a caller is telling the observer of events, and will tell of further ones too.
  private nonisolated(unsafe) var isTelling = false

  /// - Parameter journal: is given every act that changes the ledger, in their order.
  package init(
    _ ledger: consuming Ledger, clock: @escaping @Sendable () -> Moment, journal: (any ActJournal)? = nil,
    observer: @escaping Observer = { _ in }
  ) {
    seed = ledger.seed
    self.journal = journal
    self.clock = clock
    self.observer = observer
    lastSequence = Synchronization.Atomic(ledger.sequence)
    currentAdvice = NIOLockedValueBox(ledger.settings.advice)
    self.ledger = ledger
    self.ledger.log.isOn = journal != nil
  }

  package func now() -> Moment { clock() }

  /// Runs one critical section at one moment, read under the lock so that the ledger's time never goes back.
  @inline(__always)
  func section<Result>(_ body: (inout Ledger, Moment) -> Result) -> Result {
    waiting.add(1, ordering: .relaxed)
    lock.lock()
    waiting.subtract(1, ordering: .relaxed)
    return finishSection(body)
  }

  /// The same for lines, which nobody waits for.
  @inline(__always)
  func sectionOfLines<Result>(_ body: (inout Ledger, Moment) -> Result) -> Result {
    lock.lock()
    return finishSection(body)
  }

  @inline(__always)
  private func finishSection<Result>(_ body: (inout Ledger, Moment) -> Result) -> Result {
    let now = followedClock()
    let result = body(&ledger, now)
    unlockAndTell()
    return result
  }

  /// Whether somebody waits with a question.
  var isAwaited: Bool { waiting.load(ordering: .relaxed) > 0 }

  /// The moment of a section, the ledger's windows in step with it.
  @inline(__always)
  private func followedClock() -> Moment {
    var now = clock()
    // A process that was stopped between its readings of the two clocks sees a step where none is.
    if ledger.isClockStep(now) { now = clock() }
    ledger.followClock(now)
    return now
  }

  /// The same for what changes the ledger by several acts, in their order. The journal sets about writing them while the
  /// answer is made.
  @inline(__always)
  func acts<Result>(_ body: (inout Ledger, Moment) -> (Result, [LedgerAct])) -> Result {
    let (result, isChanged) = section { ledger, now in
      let (result, acts) = body(&ledger, now)
      if let journal {
        for act in acts { keep(journal.append(act, at: now), in: &ledger) }
      }
      return (result, !acts.isEmpty)
    }
    if isChanged { journal?.hurry() }
    return result
  }

  /// The same for what changes the ledger: `body` says by which act, `nil` when nothing changed.
  @inline(__always)
  func act<Result>(_ body: (inout Ledger, Moment) -> (Result, LedgerAct?)) -> Result {
    let (result, isChanged) = section { ledger, now in
      let (result, act) = body(&ledger, now)
      if let act, let journal { keep(journal.append(act, at: now), in: &ledger) }
      return (result, act != nil)
    }
    if isChanged { journal?.hurry() }
    return result
  }

  /// The number of the last act. Waits for nobody.
  package var sequence: UInt64 { lastSequence.load(ordering: .acquiring) }

  /// Notes the number that the journal gave the act of a section.
  @inline(__always)
  func keep(_ sequence: UInt64, in ledger: inout Ledger) {
    ledger.sequence = sequence
    lastSequence.store(sequence, ordering: .releasing)
  }

  /// Ends a critical section, and tells what happened in it unless somebody is telling already.
  @inline(__always)
  private func unlockAndTell() {
    let mustTell = ledger.hasEvents && !isTelling
    if mustTell { isTelling = true }
    lock.unlock()
    if mustTell { tellEvents() }
  }

  /// Tells the observer until there is nothing more to tell.
  @inline(never)
  private func tellEvents() {
    while true {
      lock.lock()
      let events = ledger.takeEvents()
      if events.isEmpty { isTelling = false }
      lock.unlock()
      guard !events.isEmpty else { return }
      observer(events)
    }
  }

  // MARK: Configuration

  /// What the ledger is configured with now. A copy: what is read with it may be configured otherwise by then.
  package var settings: LedgerSettings { lock.withLock { ledger.settings } }

  /// The part of the settings that every decision needs: the whole is a dozen tables to copy. Waits for nobody.
  package var advice: AdviceSettings { currentAdvice.withLockedValue { $0 } }

  /// Puts a ledger with another configuration in this one's place, made of all that this one holds. Nothing is
  /// counted or decided meanwhile; when `remake` fails, this one goes on.
  package func reconfigure<Failure>(_ remake: (LedgerCapture, Moment) throws(Failure) -> RestoredLedger)
    throws(Failure) -> RestoreReport
  {
    lock.lock()
    let now = followedClock()
    let report: RestoreReport
    do throws(Failure) {
      let remade = try remake(ledger.capture(now: now), now)
      let untold = ledger.takeEvents()
      report = remade.report
      let clocks = ledger.clockSteps
      ledger = remade.take()
      ledger.inherit(untold, clocks: clocks)
      ledger.log.isOn = journal != nil
      let advice = ledger.settings.advice
      currentAdvice.withLockedValue { $0 = advice }
    } catch {
      unlockAndTell()
      throw error
    }
    unlockAndTell()
    return report
  }

  // MARK: Decisions

  package func record(_ objects: [UsageObject]) -> [RecordOutcome] {
    recordScored(objects).outcome
  }

  package func check(_ request: SpendRequest) -> (Decision, at: Moment) {
    section { ledger, now in (ledger.check(request, now: now), now) }
  }

  package func reserve(_ request: SpendRequest, ttl: Interval?) -> (ReserveOutcome, at: Moment) {
    let secret = UInt64.random(in: .min ... .max)
    return act { ledger, now in
      let outcome = ledger.reserve(request, ttl: ttl, secret: secret, now: now)
      return ((outcome, now), outcome.act(tags: request.tags, now: now))
    }
  }

  package func estimate(_ request: SpendRequest) -> CallEstimate {
    section { ledger, _ in ledger.estimate(request) }
  }

  package func settle(_ id: ReservationID, actual: Spend?) -> SettleOutcome {
    settleScored(id, actual: actual).outcome
  }

  package func release(_ id: ReservationID) -> ReleaseOutcome {
    act { ledger, now in
      let outcome = ledger.release(id, now: now)
      guard case .released = outcome else { return (outcome, nil) }
      return (outcome, .release(id))
    }
  }

  // MARK: Reads

  package func stoppedSubjects() -> [SubjectStop] { section { ledger, _ in ledger.stoppedSubjects } }

  /// All numbers at one moment, and where accounts are going, each asked at that moment or soon after.
  /// - Parameter withOutlooks: false for those who want numbers only.
  package func view(withOutlooks: Bool = true) -> (LedgerView, at: Moment) {
    var room = ViewRoom(lock.withLock { ledger.viewSizes })
    // Whoever reads waits for no disk: nobody hurries.
    var (view, moment) = section { ledger, now in
      let view = ledger.numbers(now: now, room: &room)
      if let journal { keep(journal.append(.show, at: now), in: &ledger) }
      return (view, now)
    }
    guard withOutlooks else { return (view, moment) }
    for first in stride(from: 0, to: view.accounts.count, by: Self.outlooksTogether) {
      section { ledger, now in ledger.addOutlooks(to: &view, first..<(first + Self.outlooksTogether), now: now) }
    }
    return (view, moment)
  }

  /// Accounts whose outlook is asked for at once: about a third of a millisecond.
  private static let outlooksTogether = 256

  /// The whole state, to be encoded outside the lock, and for how long it kept everybody else out.
  /// - Parameter atThatMoment: runs while nothing changes.
  package func capture(_ atThatMoment: () -> Void = {}) -> (capture: LedgerCapture, pause: Interval) {
    let sizes = lock.withLock { ledger.captureSizes }
    var room = CaptureRoom(sizes)
    return section { ledger, now in
      let start = ContinuousClock.now
      atThatMoment()
      ledger.log.startAnew()
      let capture = ledger.capture(now: now, room: &room)
      return (capture, Interval(ContinuousClock.now - start))
    }
  }

  package func accounts() -> [AccountStatus] { section { ledger, now in ledger.accountStatuses(now: now) } }

  package func accounts(budget: String, where filter: [Tag]) -> [AccountStatus]? {
    section { ledger, now in ledger.accountStatuses(budget: budget, where: filter, now: now) }
  }

  package func usage(by scope: String, in lookback: LookbackCounters.Lookback, top: Int) -> [ScopeUsage]? {
    section { ledger, now in ledger.usage(by: scope, in: lookback, top: top, now: now) }
  }

  /// How often and how far the wall clock was set since the start.
  package var clockSteps: ClockWatch { lock.withLock { ledger.clockSteps } }

  package func counters() -> LedgerCounters { section { ledger, _ in ledger.counters } }

  package func unpricedModels() -> [String] { section { ledger, _ in ledger.unpricedModels } }

  // MARK: Housekeeping

  /// In several short sections where there are many accounts.
  package func maintain() {
    section { ledger, now in ledger.maintainTables(now: now) }
    while section({ ledger, now in ledger.maintainAccounts(now: now) }) {}
    while section({ ledger, now in ledger.maintainForecasts(now: now) }) {}
  }
}
