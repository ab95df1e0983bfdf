"""What has to fire, and what has to stay silent, as series and moments.

Limits are chosen so that 60 tokens a minute burn at 1: what lands exactly on the limit.
"""

from harness.promtool import Scenario, account, of_account, own

DAY, WEEK, MONTH = 86_400, 604_800, 2_592_000
FAST, SLOW, LIKELY = "TallygateBudgetBurningFast", "TallygateBudgetBurning", "TallygateBudgetExhaustionLikely"
EXHAUSTED, EXCEEDED = "TallygateBudgetExhausted", "TallygateDailyBudgetExceeded"
SPIKE, RUNAWAY, PROJECTED = "TallygateHourlySpike", "TallygateTaskRunaway", "TallygateDailyBudgetProjected"
SOON, FORECAST = "TallygateBudgetExhaustedWithinHour", "TallygateBudgetForecastExceeded"


def shared_month(first, second, **more):
    one = account("month", MONTH, first, instance="pod-1:9465", **more)
    return one | account("month", MONTH, second, instance="pod-2:9465", **more)


def forecasts(name, window, *values, **more):
    series = account(window, 1000, "500x6000")
    for number, value in enumerate(values, start=1):
        series |= of_account(name, f"{value}x6000", window, instance=f"pod-{number}:9465", **more)
    return series


BURNING = [
    Scenario(
        "a fast burn that starts late fires within the half hour",
        account("day", DAY, "0+24x360 8640+1800x20"),
        {"12h20m": set(), "12h28m": {f"{FAST}/day/30m"}, "12h40m": {f"{FAST}/day/30m", f"{FAST}/day/2h"}},
        interval="2m",
    ),
    Scenario(
        "1.6 times a week's pace for a day is told as a warning",
        account("week", WEEK, "0+960x150"),
        {"20h": set(), "24h": {f"{SLOW}/week/1d"}},
        interval="10m",
    ),
    Scenario(
        "a fast burn that ends is soon no longer told",
        account("day", DAY, "0+900x30 27000+12x60"),
        {"30m": {f"{FAST}/day/30m"}, "40m": set()},
    ),
    Scenario(
        "1.5 times the pace for eight hours stays silent",
        account("day", DAY, "0+180x240"),
        {f"{hour}h": set() for hour in range(1, 9)},
        interval="2m",
    ),
    Scenario(
        "a month's budget shared by two sidecars is seen burning, while one of them restarts",
        shared_month("0+400x240", "0+400x120 _ _ 0+400x117"),
        {"3h": set(), "6h20m": {f"{FAST}/month/6h"}, "8h": {f"{FAST}/month/6h"}},
        interval="2m",
    ),
    Scenario(
        "a restart that begins again at zero is no burn",
        shared_month("0+50x240", "0+50x120 _ _ 0+50x117"),
        {f"{hour}h": set() for hour in range(1, 9)},
        interval="2m",
    ),
    Scenario(
        "half of a shared burn alone stays silent",
        account("month", MONTH, "0+400x240"),
        {"6h20m": set(), "8h": set()},
        interval="2m",
    ),
    Scenario(
        "an hourly flood is told within six minutes",
        account("hour", 3600, "0+5x120 600+120x40"),
        {"30m": set(), "36m": {f"{FAST}/hour/5m"}},
        interval="15s",
    ),
    Scenario(
        "a budget without a limit or with nothing to spend burns nothing",
        {
            name: value
            for name, value in (account("day", 0, "0+900x60", agent="none") | account("day", 1, "0+900x60")).items()
            if "limit" not in name or "agent" in name
        },
        {"1h": set()},
    ),
]

USED_UP = [
    Scenario(
        "exhausted: all of it used is told, one token less is not",
        account("week", 1000, "999x10 1000x10"),
        {"10m": set(), "12m": {EXHAUSTED}},
    ),
    Scenario(
        "two sidecars exhaust together what neither does alone",
        account("month", 1000, "600x10", "600x10") | account("month", 1000, "450x10", instance="pod-2:9465"),
        {"5m": {EXHAUSTED}},
    ),
    Scenario(
        "B20: a day's budget that is exceeded is told, one that is met exactly is not",
        account("day", 1000, "1000x10 1001x10"),
        {"10m": {EXHAUSTED}, "12m": {EXHAUSTED, EXCEEDED}},
    ),
    Scenario(
        "B20: only days are exceeded so",
        account("week", 1000, "1500x10"),
        {"5m": {EXHAUSTED}},
    ),
    Scenario(
        "B22: a task is told past three times its limit",
        account("lifetime", 1000, "3000x10 3001x10", task="t-1"),
        {"10m": {EXHAUSTED}, "12m": {EXHAUSTED, RUNAWAY}},
    ),
    Scenario(
        "B22: a runaway rule's limit is told",
        own("tallygate_runaways_total", "0x10 1x30", tag="task", cause="steps"),
        {"10m": set(), "12m": {"TallygateRunaway"}, "28m": set()},
    ),
    Scenario(
        "calls that are refused for five minutes are told",
        own("tallygate_decisions_total", "0x10 0+3x20", budget="daily", unit="tokens", decision="deny"),
        {"12m": set(), "20m": {"TallygateRequestsDenied"}},
    ),
]

# A day at 0.6 with samples every five minutes; then an hour at 2.5, at 1.1, or at 2.5 as on the day before.
SPIKES = [
    Scenario(
        "B21: an hour at more than twice the usual is told",
        account("day", DAY, "0+180x300 54000+750x14", "100x6000"),
        {"25h": set(), "26h": {f"{SPIKE}/day"}},
        interval="5m",
    ),
    Scenario(
        "B21: less than twice the usual stays silent",
        account("day", DAY, "0+180x300 54000+340x14", "100x6000"),
        {"26h": set()},
        interval="5m",
    ),
    Scenario(
        "B21: a peak that comes every day is no spike",
        account("day", DAY, "0+180x12 2160+750x12 11160+180x276 60840+750x12", "100x6000"),
        {"25h10m": set(), "26h": set()},
        interval="5m",
    ),
    Scenario(
        "B21: the first day of an account knows nothing usual",
        account("day", DAY, "0+180x60 10800+750x14", "100x6000"),
        {"6h": set()},
        interval="5m",
    ),
]

FORECASTS = [
    Scenario(
        "B23: more than 0.9 of the day projected is told after ten minutes",
        forecasts("tallygate_budget_forecast", "day", 901),
        {"9m": set(), "11m": {PROJECTED}},
    ),
    Scenario("B23: 0.9 is not more than 0.9", forecasts("tallygate_budget_forecast", "day", 900), {"20m": set()}),
    Scenario("B23: only days are projected so", forecasts("tallygate_budget_forecast", "week", 990), {"20m": set()}),
    Scenario(
        "an hour's chance of exhaustion is told after a minute",
        forecasts("tallygate_budget_exhaustion_probability", "hour", 0.81),
        {"0m": set(), "1m": {f"{LIKELY}/hour"}},
    ),
    Scenario(
        "a day's chance of exhaustion is told after ten minutes",
        forecasts("tallygate_budget_exhaustion_probability", "day", 0.81),
        {"9m": set(), "10m": {f"{LIKELY}/day"}},
    ),
    Scenario(
        "a week's and a month's chance of exhaustion are told after half an hour",
        forecasts("tallygate_budget_exhaustion_probability", "week", 0.81)
        | forecasts("tallygate_budget_exhaustion_probability", "month", 0.5, 0.9),
        {"29m": set(), "30m": {f"{LIKELY}/week", f"{LIKELY}/month"}},
    ),
    Scenario(
        "a chance of 0.8 is not told",
        forecasts("tallygate_budget_exhaustion_probability", "day", 0.8),
        {"1h": set()},
    ),
    Scenario(
        "careful forecasts of two sidecars that together pass the limit are told",
        forecasts("tallygate_budget_forecast_lower", "week", 600, 600, level="0.8")
        | account("week", 1000, "100x6000", instance="pod-2:9465"),
        {"14m": set(), "16m": {FORECAST}},
    ),
    Scenario(
        "a careful forecast within the limit stays silent",
        forecasts("tallygate_budget_forecast_lower", "week", 999, level="0.8")
        | forecasts("tallygate_budget_forecast_lower", "day", 2000, level="0.95"),
        {"1h": set()},
    ),
    Scenario(
        "exhaustion in 59 minutes is told, in 61 it is not, in the past it is not",
        forecasts("tallygate_budget_exhaustion_timestamp_seconds", "day", 7200),
        {"58m": set(), "1h7m": {SOON}, "2h1m": set()},
    ),
    Scenario(
        "an hour's exhaustion is always within the hour, and not told so",
        forecasts("tallygate_budget_exhaustion_timestamp_seconds", "1h", 3000),
        {"30m": set()},
    ),
]


def grows(alert, name, **tags):
    return Scenario(
        f"{alert}: {name} that grows is told", own(name, "0x10 1x3", **tags), {"10m": set(), "12m": {alert}}
    )


SIDECAR = [
    grows("TallygateUsageLost", "tallygate_datagrams_dropped_total", source="udp"),
    grows("TallygateUsageLost", "tallygate_datagrams_truncated_total", source="udp"),
    grows("TallygateLinesRejected", "tallygate_lines_rejected_total", reason="not_a_number"),
    grows("TallygateSeriesOverflow", "tallygate_series_overflow_total"),
    grows("TallygateAccountsOverflow", "tallygate_accounts_overflow_total"),
    grows("TallygateSnapshotFailing", "tallygate_snapshot_failures_total"),
    grows("TallygateJournalFailing", "tallygate_journal_failures_total"),
    Scenario(
        "state that is not durable for five minutes is told",
        own("tallygate_state_durable", "1x10 0x20"),
        {"10m": set(), "14m": set(), "17m": {"TallygateStateNotDurable"}},
    ),
    Scenario(
        "a configuration with mistakes is told",
        own("tallygate_config_last_reload_successful", "1x10 0x10"),
        {"10m": set(), "12m": {"TallygateReloadFailed"}},
    ),
    Scenario(
        "a sidecar that no longer answers is told, a target that never was one is not",
        own("up", "1x10 0x60")
        | own("tallygate_build_info", "1x10 stale")
        | own("up", "0x100", instance="database:9100"),
        {"10m": set(), "12m": set(), "14m": {"TallygateDown"}},
    ),
    Scenario(
        "no sidecar at all is told after ten minutes",
        own("up", "1x30"),
        {"9m": set(), "11m": {"TallygateAbsent"}},
        present={},
    ),
    Scenario(
        "a crash is told for a quarter of an hour",
        own("tallygate_previous_shutdown_unclean", "1x60") | own("process_start_time_seconds", "60x60"),
        {"5m": {"TallygateUncleanShutdown"}, "20m": set()},
    ),
    Scenario(
        "an orderly start is not told",
        own("tallygate_previous_shutdown_unclean", "0x60") | own("process_start_time_seconds", "60x60"),
        {"5m": set()},
    ),
]


def histogram(name, bound, share):
    """Per minute 100 observations, of which this many are within the bound."""
    return own(f"{name}_bucket", f"0+{share}x100", le=bound) | own(f"{name}_count", "0+100x100")


LEVELS = [
    Scenario(
        "C10: fewer than 95 of 100 sessions within 2,000 tokens are told",
        histogram("tallygate_session_tokens", "2000.0", 94),
        {"20m": set(), "40m": {"TallygateSessionsAboveObjective"}},
    ),
    Scenario(
        "C10: fewer than 95 of 100 calls within ten seconds are told",
        histogram("tallygate_call_duration_seconds", "10.24", 94),
        {"20m": set(), "40m": {"TallygateCallsAboveObjective"}},
    ),
    Scenario(
        "C10: 96 of 100 are enough",
        histogram("tallygate_session_tokens", "2000", 96) | histogram("tallygate_call_duration_seconds", "10.24", 96),
        {"1h": set()},
    ),
]

SCENARIOS = BURNING + USED_UP + SPIKES + FORECASTS + SIDECAR + LEVELS
