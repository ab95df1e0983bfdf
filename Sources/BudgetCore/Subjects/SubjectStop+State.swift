extension LedgerRestorer {
  /// Stops outlive every change of the configuration: only a resume ends them.
  package mutating func add(_ saved: SubjectStop) throws(InconsistentState) {
    guard SubjectStop.isSubject(saved.subject.key), !saved.subject.value.isEmpty,
      ledger.stops.count < Ledger.maximumStops, ledger.stops[saved.subject] == nil
    else { throw InconsistentState("a stopped subject is out of bounds") }
    let stop = SubjectStop(subject: saved.subject, reason: Ledger.cut(saved.reason), since: saved.since)
    ledger.stops[saved.subject] = stop
  }
}
