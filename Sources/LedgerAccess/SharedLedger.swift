package import BudgetCore
import NIOConcurrencyHelpers
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
  private let lock = NIOLock()
  // Guarded by `lock`.
  private nonisolated(unsafe) var ledger: Ledger
  /// Whether a caller is telling the observer of events, and will tell of further ones too.
  private nonisolated(unsafe) var isTelling = false

  package init(
    _ ledger: consuming Ledger, clock: @escaping @Sendable () -> Moment, observer: @escaping Observer = { _ in }
  ) {
    seed = ledger.seed
    self.clock = clock
    self.observer = observer
    self.ledger = ledger
  }

  package func now() -> Moment { clock() }

  /// Runs one critical section at one moment, read under the lock so that the ledger's time never goes back.
  @inline(__always)
  func section<Result>(_ body: (inout Ledger, Moment) -> Result) -> Result {
    lock.lock()
    let now = clock()
    let result = body(&ledger, now)
    unlockAndTell()
    return result
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

  /// Puts a ledger with another configuration in this one's place, made of all that this one holds. Nothing is
  /// counted or decided meanwhile; when `remake` fails, this one goes on.
  package func reconfigure<Failure>(_ remake: (LedgerCapture, Moment) throws(Failure) -> RestoredLedger)
    throws(Failure) -> RestoreReport
  {
    lock.lock()
    let now = clock()
    let report: RestoreReport
    do throws(Failure) {
      let remade = try remake(ledger.capture(now: now), now)
      let untold = ledger.takeEvents()
      report = remade.report
      ledger = remade.take()
      ledger.inherit(untold)
    } catch {
      unlockAndTell()
      throw error
    }
    unlockAndTell()
    return report
  }

  // MARK: Usage comes in

  /// Counts a batch of parsed lines, and the JSON objects among them.
  package func apply(_ events: UnsafeBufferPointer<UsageEvent>, objects: [UsageObject] = []) {
    section { ledger, now in
      ledger.apply(events, now: now)
      for object in objects { _ = ledger.record(object, now: now) }
    }
  }

  package func record(_ objects: [UsageObject]) -> [RecordOutcome] {
    section { ledger, now in objects.map { ledger.record($0, now: now) } }
  }

  // MARK: Decisions

  package func check(_ request: SpendRequest) -> (Decision, at: Moment) {
    section { ledger, now in (ledger.check(request, now: now), now) }
  }

  package func reserve(_ request: SpendRequest, ttl: Interval?) -> (ReserveOutcome, at: Moment) {
    let secret = UInt64.random(in: .min ... .max)
    return section { ledger, now in (ledger.reserve(request, ttl: ttl, secret: secret, now: now), now) }
  }

  package func estimate(_ request: SpendRequest) -> CallEstimate {
    section { ledger, _ in ledger.estimate(request) }
  }

  package func settle(_ id: ReservationID, actual: Spend?) -> SettleOutcome {
    section { ledger, now in ledger.settle(id, actual: actual, now: now) }
  }

  package func release(_ id: ReservationID) -> ReleaseOutcome {
    section { ledger, now in ledger.release(id, now: now) }
  }

  // MARK: Operators

  package func topUp(budget: String, unit: BudgetUnit?, tags: [Tag], amount: Quantity, until: LimitEnd?)
    -> BudgetActOutcome
  {
    section { ledger, now in
      ledger.topUp(
        budget: budget, unit: unit, tags: tags, amount: amount, until: until?.instant(from: now), now: now)
    }
  }

  package func override(budget: String, unit: BudgetUnit?, tags: [Tag], limit: Quantity?, until: LimitEnd?)
    -> BudgetActOutcome
  {
    section { ledger, now in
      ledger.override(
        budget: budget, unit: unit, tags: tags, limit: limit, until: until?.instant(from: now), now: now)
    }
  }

  package func removeOverride(budget: String, unit: BudgetUnit?, tags: [Tag]) -> BudgetActOutcome {
    section { ledger, now in ledger.removeOverride(budget: budget, unit: unit, tags: tags, now: now) }
  }

  package func reset(budget: String, unit: BudgetUnit?, tags: [Tag]) -> BudgetActOutcome {
    section { ledger, now in ledger.reset(budget: budget, unit: unit, tags: tags, now: now) }
  }

  package func stop(_ subject: Tag, reason: String) -> StopOutcome {
    section { ledger, now in ledger.stopSubject(subject, reason: reason, now: now) }
  }

  /// The stop that ended; `nil` when the subject was not stopped.
  package func resume(_ subject: Tag) -> SubjectStop? {
    section { ledger, now in ledger.resumeSubject(subject, now: now) }
  }

  // MARK: Reads

  package func stoppedSubjects() -> [SubjectStop] { section { ledger, _ in ledger.stoppedSubjects } }

  package func view() -> (LedgerView, at: Moment) { section { ledger, now in (ledger.view(now: now), now) } }

  /// The whole state, to be encoded outside the lock.
  package func capture() -> LedgerCapture { section { ledger, now in ledger.capture(now: now) } }

  package func accounts() -> [AccountStatus] { section { ledger, now in ledger.accountStatuses(now: now) } }

  package func accounts(budget: String, where filter: [Tag]) -> [AccountStatus]? {
    section { ledger, now in ledger.accountStatuses(budget: budget, where: filter, now: now) }
  }

  package func usage(by scope: String, in lookback: LookbackCounters.Lookback, top: Int) -> [ScopeUsage]? {
    section { ledger, now in ledger.usage(by: scope, in: lookback, top: top, now: now) }
  }

  package func counters() -> LedgerCounters { section { ledger, _ in ledger.counters } }

  package func unpricedModels() -> [String] { section { ledger, _ in ledger.unpricedModels } }

  // MARK: Housekeeping

  package func maintain() { section { ledger, now in ledger.maintain(now: now) } }
}

extension Ledger {
  /// Counts a usage object: as the settlement of its reservation, or as usage of its own.
  mutating func record(_ object: UsageObject, now: Moment) -> RecordOutcome {
    var tags = object.tags
    if let reservation = object.reservation { tags = tags.setting(TagName.reservation, to: reservation) }
    return record(object.spend, tags: tags, id: object.id, duration: object.duration, now: now)
  }
}
