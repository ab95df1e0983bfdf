"""How far budgets are used up, how fast, and where that will end."""

from panels import bars, choice, dashboard, graph, of_field, row, stat, table, variable

USED = "tallygate_budget_used / (tallygate_budget_limit > 0)"
ACCOUNT = "{{budget}} {{agent}} {{user}} {{team}} {{session}} {{task}} {{unit}}"
ONE = '{budget="$budget",unit="$unit"}'

# Windows as their label says, and the factors of the alerts for them.
PERIODS = [
    ("hour", "hour|1h", [1, 6]),
    ("day", "day|24h", [1, 2, 4, 12]),
    ("week", "week|7d", [1, 1.4, 3.5, 13.4]),
    ("month", "month|30d", [1, 3, 6, 14.4]),
]

OVERVIEW = [
    stat(
        "Accounts",
        "Accounts that exist: one for each budget and each combination of the tags it counts by.",
        "short",
        "count(tallygate_budget_used)",
    ),
    stat(
        "Accounts exhausted or overspent",
        "Accounts of which nothing is left.",
        "short",
        'sum(tallygate_budget_state{state=~"exhausted|overspent"})',
        thresholds=[1],
    ),
    stat(
        "Accounts in warning",
        "Accounts above their warning threshold with something left.",
        "short",
        'sum(tallygate_budget_state{state="warning"})',
        thresholds=[1],
    ),
    stat(
        "Highest use of a limit",
        "The account that is nearest to its limit, or furthest past it.",
        "percentunit",
        f"max({USED})",
        thresholds=[0.8, 1],
    ),
    stat(
        "Highest chance of exhaustion",
        "The account most likely to be used up before its window ends.",
        "percentunit",
        "max(tallygate_budget_exhaustion_probability)",
        thresholds=[0.5, 0.8],
    ),
    stat(
        "Next window turn",
        "When the next window ends, and its accounts start anew.",
        "s",
        "min(tallygate_budget_resets_timestamp_seconds > time()) - time()",
    ),
]

ACCOUNTS = [
    bars(
        "Use of each limit, the nearest first",
        "Used in the current window as a share of the limit, of the twenty accounts nearest to theirs.",
        "percentunit",
        f"topk(20, {USED})",
        ACCOUNT,
    ),
    graph(
        "Accounts by state",
        "How many accounts are in each state.",
        "short",
        ("sum by (state) (tallygate_budget_state)", "{{state}}"),
        stacked=True,
    ),
    table(
        "Accounts, limit by limit",
        "Every account: amounts are tokens, requests or US dollars, as the unit says.",
        "short",
        {
            "Used share": USED,
            "Limit": "tallygate_budget_limit",
            "Used": "tallygate_budget_used",
            "Reserved": "tallygate_budget_reserved",
            "Remaining": "tallygate_budget_remaining",
            "Resets in": "tallygate_budget_resets_timestamp_seconds - time()",
        },
        units={"Used share": "percentunit", "Resets in": "s"},
    ),
]

BAND = [
    of_field("Upper", custom__fillBelowTo="Lower", custom__lineWidth=0, custom__fillOpacity=20),
    of_field("Lower", custom__lineWidth=0),
    of_field("Limit", custom__lineStyle={"fill": "dash", "dash": [8, 8]}, color={"mode": "fixed", "fixedColor": "red"}),
]

ONE_BUDGET = [
    graph(
        "Used against limit, with forecast",
        "All accounts of the budget together: what is used, and what the forecast "
        "expects at the end of the window with its 80 % band. The band of several accounts is the sum of theirs, wider "
        "than that of their sum.",
        "short",
        (f"sum(tallygate_budget_used{ONE})", "Used"),
        (f"sum(tallygate_budget_limit{ONE})", "Limit"),
        (f"sum(tallygate_budget_forecast{ONE})", "Forecast"),
        ('sum(tallygate_budget_forecast_lower{budget="$budget",unit="$unit",level="0.8"})', "Lower"),
        ('sum(tallygate_budget_forecast_upper{budget="$budget",unit="$unit",level="0.8"})', "Upper"),
        overrides=BAND,
    ),
    graph(
        "Remaining",
        "What the ten accounts with the least left may still spend. It rises when a window turns.",
        "short",
        (f"bottomk(10, tallygate_budget_remaining{ONE})", ACCOUNT),
    ),
    graph(
        "Time to exhaustion",
        "When the forecast has each account used up, if before its window ends: the ten nearest.",
        "s",
        (f"bottomk(10, (tallygate_budget_exhaustion_timestamp_seconds{ONE} > time()) - time())", ACCOUNT),
    ),
    graph(
        "Chance of exhaustion",
        "How likely each account is used up before its window ends: the ten highest. Above 0.8 it is told.",
        "percentunit",
        (f"topk(10, tallygate_budget_exhaustion_probability{ONE})", ACCOUNT),
        lines=[0.8],
    ),
]

BURN = [
    graph(
        f"Burn rate of {name} budgets",
        "The fastest accounts by lookback; 1 lands exactly on the limit. The lines above "
        "it are the factors of the alerts.",
        "short",
        (
            f'topk(10, max by (budget, unit, lookback) (tallygate_budget_burn_rate_ratio{{window=~"{windows}"}}))',
            "{{budget}} {{unit}} {{lookback}}",
        ),
        lines=factors,
    )
    for name, windows, factors in PERIODS
]

DASHBOARD = dashboard(
    "Budgets",
    "How far budgets are used up, how fast, and where that will end.",
    [*OVERVIEW, row("Accounts"), *ACCOUNTS, row("$budget in $unit"), *ONE_BUDGET, row("Burn rates"), *BURN],
    variables=[
        variable("budget", "Budget", 'label_values(tallygate_budget_limit{job=~"$job"}, budget)', many=False),
        choice("unit", "Unit", ["tokens", "cost_usd", "requests"]),
    ],
)
