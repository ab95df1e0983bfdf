"""Who uses how much of what, and what it costs."""

from panels import bars, dashboard, graph, row, stat, table


def spent(metric, label, factor=""):
    return f"topk(10, {factor}sum by ({label}) (rate({metric}[$__rate_interval])))"


def by(label, name):
    shown = f"{{{{{label}}}}}"
    return [
        graph(
            f"Tokens by {name}",
            f"Tokens a second of the ten {name}s that use most.",
            "short",
            (spent("tallygate_tokens_total", label), shown),
            stacked=True,
        ),
        graph(
            f"Cost an hour by {name}",
            f"US dollars an hour at the present rate, of the ten {name}s that cost most.",
            "currencyUSD",
            (spent("tallygate_cost_usd_total", label, "3600 * "), shown),
            stacked=True,
        ),
    ]


OVERVIEW = [
    stat(
        "Tokens", "Tokens used in the time shown.", "short", "sum(increase(tallygate_tokens_total[$__range]))", width=6
    ),
    stat(
        "Cost",
        "US dollars spent in the time shown.",
        "currencyUSD",
        "sum(increase(tallygate_cost_usd_total[$__range]))",
        width=6,
    ),
    stat(
        "Model calls",
        "Model calls in the time shown.",
        "short",
        "sum(increase(tallygate_requests_total[$__range]))",
        width=6,
    ),
    stat(
        "Tokens a call",
        "Tokens that a model call takes on average, in the time shown.",
        "short",
        "sum(increase(tallygate_tokens_total[$__range])) / sum(increase(tallygate_requests_total[$__range]))",
        width=6,
    ),
]

TOP = [
    bars(
        "Top agents of the last hour",
        "Tokens of the trailing hour, as the sidecar counts them.",
        "short",
        'topk(10, sum by (name) (tallygate_window_tokens{scope="agent",lookback="1h"}))',
        "{{name}}",
        width=8,
    ),
    bars(
        "Top users of the last hour",
        "Tokens of the trailing hour, as the sidecar counts them.",
        "short",
        'topk(10, sum by (name) (tallygate_window_tokens{scope="user",lookback="1h"}))',
        "{{name}}",
        width=8,
    ),
    bars(
        "Top models of the last hour",
        "Tokens of the trailing hour, as the sidecar counts them.",
        "short",
        'topk(10, sum by (name) (tallygate_window_tokens{scope="model",lookback="1h"}))',
        "{{name}}",
        width=8,
    ),
    table(
        "Agents",
        "What each agent used in the time shown.",
        "short",
        {
            "Cost": "sum by (agent) (increase(tallygate_cost_usd_total[$__range]))",
            "Tokens": "sum by (agent) (increase(tallygate_tokens_total[$__range]))",
            "Calls": "sum by (agent) (increase(tallygate_requests_total[$__range]))",
        },
        width=12,
        units={"Cost": "currencyUSD"},
    ),
    table(
        "Users",
        "What each user used in the time shown.",
        "short",
        {
            "Cost": "sum by (user) (increase(tallygate_cost_usd_total[$__range]))",
            "Tokens": "sum by (user) (increase(tallygate_tokens_total[$__range]))",
            "Calls": "sum by (user) (increase(tallygate_requests_total[$__range]))",
        },
        width=12,
        units={"Cost": "currencyUSD"},
    ),
]

CALLS = [
    graph(
        "Tokens by type",
        "Tokens a second of each type; input means input that no cache served.",
        "short",
        ("sum by (token_type) (rate(tallygate_tokens_total[$__rate_interval]))", "{{token_type}}"),
        stacked=True,
    ),
    graph(
        "Model calls by model",
        "Calls a second by model.",
        "reqps",
        ("topk(10, sum by (model) (rate(tallygate_requests_total[$__rate_interval])))", "{{model}}"),
        stacked=True,
    ),
    graph(
        "Duration of calls",
        "Half of the calls, and 95 of 100, take at most this long.",
        "s",
        *[
            (
                f"histogram_quantile({share}, sum by (le) (rate(tallygate_call_duration_seconds_bucket[$__rate_interval])))",
                name,
            )
            for share, name in ((0.5, "half"), (0.95, "95 %"))
        ],
    ),
    graph(
        "Tokens of sessions",
        "Of sessions that ended: half of them, and 95 of 100, took at most so many tokens.",
        "short",
        *[
            (
                f"histogram_quantile({share}, sum by (le) (rate(tallygate_session_tokens_bucket[$__rate_interval])))",
                name,
            )
            for share, name in ((0.5, "half"), (0.95, "95 %"))
        ],
    ),
    graph(
        "Tokens without a price",
        "Tokens a second of models that have no price, and what was charged an hour at the fallback price.",
        "short",
        ("sum(rate(tallygate_unpriced_tokens_total[$__rate_interval]))", "tokens without a price"),
        ("3600 * sum(rate(tallygate_estimated_cost_usd_total[$__rate_interval]))", "US dollars at the fallback price"),
    ),
    graph(
        "Open sessions",
        "Sessions that were used within their idle time.",
        "short",
        ("sum(tallygate_sessions_open)", ""),
    ),
]

DASHBOARD = dashboard(
    "Consumption",
    "Who uses how much of what, and what it costs.",
    [
        *OVERVIEW,
        row("Who"),
        *TOP,
        row("Over time"),
        *by("agent", "agent"),
        *by("user", "user"),
        *by("model", "model"),
        row("Calls and sessions"),
        *CALLS,
    ],
)
