import BudgetCore

/// The ledger's own few numbers as families: decisions, events, reservations, bounds.
enum LedgerFamilies {
  private typealias Sample = MetricFamily.Sample

  static func families(_ view: LedgerView, settings: LedgerSettings) -> [MetricFamily] {
    budgets(view, settings: settings) + reservations(view) + bounds(view, settings: settings) + [
      .counter("tallygate_duplicates", "Usage that arrived twice and was counted once.", view.counters.duplicates),
      .counter(
        "tallygate_estimated_cost_usd",
        "US dollars charged at the fallback price, because the model is not in the table.",
        [Sample(.usd(view.counters.estimatedCost))]),
      .counter(
        "tallygate_unpriced_tokens", "Tokens of models without any price, charged nothing.",
        view.counters.unpricedTokens),
      .gauge("tallygate_subjects_stopped", "Subjects that are granted nothing until resumed.", Int64(view.stopCount)),
      .counter(
        "tallygate_subject_denials", "Reservations denied because a subject among their tags is stopped.",
        view.counters.stoppedDenials),
      .counter("tallygate_events_lost", "Budget events that nobody could be told.", view.counters.eventsLost),
    ]
  }

  private static func budgets(_ view: LedgerView, settings: LedgerSettings) -> [MetricFamily] {
    var decisions: [Sample] = []
    var events: [Sample] = []
    var overshootTokens: [Sample] = []
    var overshootCost: [Sample] = []
    for (budget, tally) in zip(settings.budgets, view.tallies) {
      let labels = [(name: "budget", value: budget.name), (name: "unit", value: budget.unit.name)]
      for verdict in Verdict.allCases {
        decisions.append(Sample(.integer(tally[verdict]), labels: labels + [(name: "decision", value: verdict.name)]))
      }
      for kind in BudgetEvent.Kind.allCases {
        events.append(Sample(.integer(tally[event: kind]), labels: labels + [(name: "event", value: kind.name)]))
      }
      for cause in BudgetTally.OvershootCause.allCases {
        let labels = [(name: "budget", value: budget.name), (name: "cause", value: cause.name)]
        switch budget.unit {
        case .tokens: overshootTokens.append(Sample(.quantity(tally[cause: cause]), labels: labels))
        case .cost: overshootCost.append(Sample(.usd(tally[cause: cause]), labels: labels))
        case .requests: break
        }
      }
    }
    return [
      .counter("tallygate_decisions", "Answers to reservations, by what each budget said.", decisions),
      .counter("tallygate_budget_events", "Crossings of thresholds: one for each, however many lines cross.", events),
      .counter("tallygate_overshoot_tokens", "Tokens used past a limit, by cause.", overshootTokens),
      .counter("tallygate_overshoot_cost_usd", "US dollars spent past a limit, by cause.", overshootCost),
    ]
  }

  private static func reservations(_ view: LedgerView) -> [MetricFamily] {
    let counters = view.counters
    return [
      .gauge("tallygate_reservations", "Open reservations.", Int64(view.openReservations)),
      .counter(
        "tallygate_reservations_closed", "Reservations that were granted and have ended, by how.",
        [
          Sample(.integer(counters.reservationsSettled), labels: [(name: "how", value: "settled")]),
          Sample(.integer(counters.reservationsReleased), labels: [(name: "how", value: "released")]),
        ]),
      .counter(
        "tallygate_reservations_expired", "Reservations that nobody settled in time, by what became of the hold.",
        [
          Sample(.integer(counters.reservationsExpiredCharged), labels: [(name: "policy", value: "charge")]),
          Sample(.integer(counters.reservationsExpiredRefunded), labels: [(name: "policy", value: "refund")]),
        ]),
      .counter("tallygate_reservations_granted", "Reservations granted.", counters.reservationsGranted),
    ]
  }

  private static func bounds(_ view: LedgerView, settings: LedgerSettings) -> [MetricFamily] {
    [
      .gauge("tallygate_series", "Exported series, besides those of __other__.", Int64(view.seriesCount)),
      .gauge("tallygate_series_limit", "Most series that are exported.", Int64(settings.bounds.maxSeries)),
      .counter(
        "tallygate_series_overflow", "Spellings of tags that found no place for a series and went to __other__.",
        view.counters.seriesOverflow),
      .counter(
        "tallygate_series_expired", "Idle series that were folded into __other__.", view.counters.seriesExpired),
      .gauge("tallygate_accounts", "Budget accounts.", Int64(view.accountCount)),
      .gauge("tallygate_accounts_limit", "Most budget accounts that are kept.", Int64(settings.bounds.maxAccounts)),
      .counter(
        "tallygate_accounts_overflow", "Times that an account found no place and use was charged to __other__.",
        view.counters.accountOverflow),
      .counter(
        "tallygate_scopes_overflow", "Times that a scope's value found no place and went to __other__.",
        view.counters.scopeOverflow),
    ]
  }
}
