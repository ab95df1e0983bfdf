"""What was allowed and denied, how long that took, and what went past a limit all the same."""

from panels import dashboard, graph, row, stat

SHARE_DENIED = (
    'sum(rate(tallygate_decisions_total{decision="deny"}[$__rate_interval])) '
    "/ sum(rate(tallygate_decisions_total[$__rate_interval]))"
)

OVERVIEW = [
    stat(
        "Denied",
        "The share of the budgets' answers that were a denial.",
        "percentunit",
        SHARE_DENIED,
        width=6,
        thresholds=[0.01, 0.1],
    ),
    stat(
        "Reservations under way",
        "Reservations that are neither settled, released nor expired.",
        "short",
        "sum(tallygate_reservations)",
        width=6,
    ),
    stat(
        "Tokens past a limit",
        "Tokens used past a limit in the time shown, whatever the cause.",
        "short",
        "sum(increase(tallygate_overshoot_tokens_total[$__range]))",
        width=6,
        thresholds=[1],
    ),
    stat(
        "Subjects stopped",
        "Agents, users, sessions and tasks that are granted nothing until resumed.",
        "short",
        "sum(tallygate_subjects_stopped)",
        width=6,
        thresholds=[1],
    ),
]

DECISIONS = [
    graph(
        "Decisions",
        "Answers a second, by what the budgets said.",
        "reqps",
        ("sum by (decision) (rate(tallygate_decisions_total[$__rate_interval]))", "{{decision}}"),
        stacked=True,
    ),
    graph(
        "Denials by reason",
        "Denials a second: by the budget that had too little left, or because a subject is stopped.",
        "reqps",
        (
            'sum by (budget, unit) (rate(tallygate_decisions_total{decision="deny"}[$__rate_interval]))',
            "{{budget}} {{unit}}",
        ),
        ("sum(rate(tallygate_subject_denials_total[$__rate_interval]))", "subject stopped"),
        stacked=True,
    ),
    graph(
        "Time to decide",
        "Mean time from a request on the control endpoint to its answer.",
        "s",
        (
            'sum by (handler) (rate(tallygate_http_request_duration_seconds_total{listener="control"}[$__rate_interval]))'
            ' / sum by (handler) (rate(tallygate_http_requests_total{listener="control"}[$__rate_interval]))',
            "{{handler}}",
        ),
    ),
    graph(
        "Budget events",
        "Crossings of thresholds: one for each, however many lines cross.",
        "short",
        ("sum by (event) (increase(tallygate_budget_events_total[$__rate_interval]))", "{{event}}"),
    ),
]

RESERVATIONS = [
    graph(
        "Reservations",
        "A second: granted, and ended by settling, release or expiry.",
        "reqps",
        ("sum(rate(tallygate_reservations_granted_total[$__rate_interval]))", "granted"),
        ("sum by (how) (rate(tallygate_reservations_closed_total[$__rate_interval]))", "{{how}}"),
        ("sum by (policy) (rate(tallygate_reservations_expired_total[$__rate_interval]))", "expired: {{policy}}"),
    ),
    graph(
        "Held by reservations",
        "What open reservations hold, as a share of the limits.",
        "percentunit",
        (
            "sum by (budget, unit) (tallygate_budget_reserved) / sum by (budget, unit) (tallygate_budget_limit > 0)",
            "{{budget}} {{unit}}",
        ),
    ),
    graph(
        "Estimates",
        "Output tokens a second by which reservations were over or under what was used.",
        "short",
        (
            "sum by (source, direction) (rate(tallygate_estimate_error_tokens_total[$__rate_interval]))",
            "{{source}} {{direction}}",
        ),
    ),
]

OVERSHOOT = [
    graph(
        "Overshoot in tokens",
        "Tokens a second used past a limit: without asking, past what was held, or after the hold had expired.",
        "short",
        ("sum by (budget, cause) (rate(tallygate_overshoot_tokens_total[$__rate_interval]))", "{{budget}} {{cause}}"),
    ),
    graph(
        "Overshoot in dollars",
        "US dollars an hour spent past a limit.",
        "currencyUSD",
        (
            "3600 * sum by (budget, cause) (rate(tallygate_overshoot_cost_usd_total[$__rate_interval]))",
            "{{budget}} {{cause}}",
        ),
    ),
    graph(
        "Runaways",
        "Limits of runaway rules that were reached.",
        "short",
        ("sum by (tag, cause) (increase(tallygate_runaways_total[$__rate_interval]))", "{{tag}} {{cause}}"),
    ),
]

DASHBOARD = dashboard(
    "Enforcement",
    "What was allowed and denied, how long that took, and what went past a limit all the same.",
    [*OVERVIEW, row("Decisions"), *DECISIONS, row("Reservations"), *RESERVATIONS, row("Past the limit"), *OVERSHOOT],
)
