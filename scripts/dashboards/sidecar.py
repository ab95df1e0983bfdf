"""The sidecar itself: what comes in, what is lost, what is kept, and what it takes."""

from panels import dashboard, graph, row, stat, table


def rates(title, description, metric, label, unit="cps"):
    return graph(title, description, unit, (f"sum by ({label}) (rate({metric}[$__rate_interval]))", f"{{{{{label}}}}}"))


OVERVIEW = [
    stat("Sidecars", "Sidecars that are scraped.", "short", "count(tallygate_build_info)"),
    stat(
        "Usage lost",
        "Datagrams that were dropped or cut off, in the time shown. Budgets count too little.",
        "short",
        "sum(increase(tallygate_datagrams_dropped_total[$__range])) "
        "+ sum(increase(tallygate_datagrams_truncated_total[$__range]))",
        thresholds=[1],
    ),
    stat(
        "Lines rejected",
        "Usage lines that were refused, in the time shown.",
        "short",
        "sum(increase(tallygate_lines_rejected_total[$__range]))",
        thresholds=[1],
    ),
    stat(
        "Not durable",
        "Sidecars whose state would not survive a crash.",
        "short",
        "count(tallygate_state_durable) - sum(tallygate_state_durable)",
        thresholds=[1],
    ),
    stat(
        "Reload failed",
        "Sidecars whose newest configuration has mistakes.",
        "short",
        "count(tallygate_config_last_reload_successful) - sum(tallygate_config_last_reload_successful)",
        thresholds=[1],
    ),
    stat("Youngest", "How long ago the last sidecar started.", "s", "time() - max(process_start_time_seconds)"),
]

INCOMING = [
    rates("Usage lines", "Lines a second, by the way they came.", "tallygate_lines_total", "source"),
    rates("Lines rejected by reason", "Lines a second that were refused.", "tallygate_lines_rejected_total", "reason"),
    graph(
        "Datagrams",
        "Datagrams a second: received, dropped by the kernel, cut off.",
        "cps",
        ("sum(rate(tallygate_datagrams_total[$__rate_interval]))", "received"),
        ("sum(rate(tallygate_datagrams_dropped_total[$__rate_interval]))", "dropped"),
        ("sum(rate(tallygate_datagrams_truncated_total[$__rate_interval]))", "cut off"),
    ),
    graph(
        "Duplicates and ignored lines",
        "A second: usage that came twice and was counted once, and lines that are deliberately not counted.",
        "cps",
        ("sum(rate(tallygate_duplicates_total[$__rate_interval]))", "duplicates"),
        ("sum by (reason) (rate(tallygate_lines_ignored_total[$__rate_interval]))", "{{reason}}"),
    ),
    rates(
        "HTTP requests",
        "Requests a second, by listener and class of status.",
        "tallygate_http_requests_total",
        "code",
        unit="reqps",
    ),
    graph(
        "HTTP connections",
        "Open connections.",
        "short",
        ("sum by (listener) (tallygate_http_connections)", "{{listener}}"),
    ),
]

BOUNDS = [
    graph(
        "Series",
        "Exported series, and the most there may be.",
        "short",
        ("sum by (instance) (tallygate_series)", "{{instance}}"),
        ("max(tallygate_series_limit)", "limit"),
    ),
    graph(
        "Accounts",
        "Budget accounts, and the most there may be.",
        "short",
        ("sum by (instance) (tallygate_accounts)", "{{instance}}"),
        ("max(tallygate_accounts_limit)", "limit"),
    ),
    graph(
        "Folded into __other__",
        "What found no place, in the time between two points.",
        "short",
        *[
            (f"sum(increase(tallygate_{name}_overflow_total[$__rate_interval]))", name)
            for name in ("series", "accounts", "scopes", "activities")
        ],
    ),
]

STATE = [
    graph(
        "Age of the newest snapshot",
        "How long ago the newest snapshot was taken.",
        "s",
        ("time() - tallygate_snapshot_last_success_timestamp_seconds", "{{instance}}"),
    ),
    graph(
        "Snapshots", "How long the newest snapshot took.", "s", ("tallygate_snapshot_duration_seconds", "{{instance}}")
    ),
    graph(
        "Journal",
        "Bytes a second written to journals.",
        "Bps",
        ("sum by (instance) (rate(tallygate_journal_written_bytes_total[$__rate_interval]))", "{{instance}}"),
    ),
    graph(
        "Failures of the disk",
        "Snapshots that failed, and times that the journal was refused or held up.",
        "short",
        ("sum(increase(tallygate_snapshot_failures_total[$__rate_interval]))", "snapshots"),
        ("sum(increase(tallygate_journal_failures_total[$__rate_interval]))", "journal"),
    ),
]

PROCESS = [
    graph(
        "Resident memory", "Memory that each sidecar takes.", "bytes", ("process_resident_memory_bytes", "{{instance}}")
    ),
    graph(
        "CPU",
        "Cores that each sidecar takes.",
        "short",
        ("sum by (instance) (rate(process_cpu_seconds_total[$__rate_interval]))", "{{instance}}"),
    ),
    graph("File descriptors", "Open file descriptors.", "short", ("process_open_fds", "{{instance}}")),
    table(
        "Versions",
        "The version that each sidecar runs.",
        "short",
        {"Sidecars": "count by (version) (tallygate_build_info)"},
        width=12,
    ),
]

DASHBOARD = dashboard(
    "Sidecar",
    "The sidecar itself: what comes in, what is lost, what is kept, and what it takes.",
    [
        *OVERVIEW,
        row("Coming in"),
        *INCOMING,
        row("Bounds"),
        *BOUNDS,
        row("State on disk"),
        *STATE,
        row("Process"),
        *PROCESS,
    ],
    since="now-1h",
)
