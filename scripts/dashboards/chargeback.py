"""Who pays for what, over thirty days."""

from panels import bars, choice, dashboard, graph, stat, table

COST = "increase(tallygate_cost_usd_total[$__range])"
TOKENS = "increase(tallygate_tokens_total[$__range])"

DASHBOARD = dashboard(
    "Chargeback",
    "Who pays for what, over thirty days. Teams are there when `labels` in the configuration names the tag "
    "`team`; what a sidecar counted before its first scrape is not in an increase.",
    [
        stat("Cost", "US dollars spent in the time shown.", "currencyUSD", f"sum({COST})", width=6),
        stat("Tokens", "Tokens used in the time shown.", "short", f"sum({TOKENS})", width=6),
        stat(
            "Cost of a million tokens",
            "What a million tokens cost on average, in the time shown.",
            "currencyUSD",
            f"1000000 * sum({COST}) / sum({TOKENS})",
            width=6,
        ),
        stat(
            "At the fallback price",
            "US dollars charged for models that are not in the price table.",
            "currencyUSD",
            "sum(increase(tallygate_estimated_cost_usd_total[$__range]))",
            width=6,
            thresholds=[1],
        ),
        table(
            "Cost by $by",
            "What each is charged in the time shown, and its share of all cost.",
            "short",
            {
                "Cost": f"sum by ($by) ({COST})",
                "Share": f"sum by ($by) ({COST}) / on () group_left () sum({COST})",
                "Tokens": f"sum by ($by) ({TOKENS})",
                "Calls": "sum by ($by) (increase(tallygate_requests_total[$__range]))",
            },
            width=14,
            units={"Cost": "currencyUSD", "Share": "percentunit"},
        ),
        bars(
            "Cost by $by, the highest first",
            "What each is charged in the time shown.",
            "currencyUSD",
            f"topk(15, sum by ($by) ({COST}))",
            "{{$by}}",
            width=10,
        ),
        graph(
            "Cost a day by $by",
            "US dollars of the day before each point.",
            "currencyUSD",
            ("topk(15, sum by ($by) (increase(tallygate_cost_usd_total[1d])))", "{{$by}}"),
            width=24,
            stacked=True,
        ),
        table(
            "Cost by $by and model",
            "Which models each is charged for.",
            "currencyUSD",
            {"Cost": f"sum by ($by, model) ({COST})"},
            width=12,
        ),
        table(
            "Tokens by $by and type",
            "Which types of tokens each used.",
            "short",
            {"Tokens": f"sum by ($by, token_type) ({TOKENS})"},
            width=12,
        ),
    ],
    since="now-30d",
    variables=[choice("by", "By", ["team", "agent", "user", "model"])],
)
