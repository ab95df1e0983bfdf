"""Rules tried by promtool on made-up series: which alerts fire at which moment."""

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from .prometheus import part

# Every alert that fires, once for each of its static labels.
FIRING = 'group by (alertname, period, lookback) (ALERTS{alertstate="firing"})'

# Another sidecar that is always there and well, so that only what a scenario says is wrong.
PRESENT = {'tallygate_build_info{job="tallygate",instance="well:9465"}': "1x6000"}

SECONDS = {"hour": 3600, "1h": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000}


def labels(tags):
    return "{" + ",".join(f'{key}="{value}"' for key, value in tags.items()) + "}"


def account(window, limit, total, used=None, instance="pod-1:9465", **tags):
    """The series of one account on one sidecar; `total` and `used` in promtool's notation, by default the same."""
    shared = {
        "job": "tallygate",
        "instance": instance,
        "budget": f"{window}-budget",
        "unit": "tokens",
        "window": window,
    }
    selector = labels(shared | tags)
    series = {
        f"tallygate_budget_limit{selector}": f"{limit}x6000",
        f"tallygate_budget_used{selector}": str(used or total),
        f"tallygate_budget_used_total{selector}": str(total),
    }
    if window in SECONDS:
        series[f"tallygate_budget_window_seconds{selector}"] = f"{SECONDS[window]}x6000"
    return series


def of_account(name, values, window, instance="pod-1:9465", **more):
    """One more series of such an account."""
    shared = {
        "job": "tallygate",
        "instance": instance,
        "budget": f"{window}-budget",
        "unit": "tokens",
        "window": window,
    }
    return {name + labels(shared | more): str(values)}


def own(name, values, **tags):
    """A series of the sidecar itself."""
    return {name + labels({"job": "tallygate", "instance": "pod-1:9465"} | tags): str(values)}


@dataclass
class Scenario:
    """Series, and what fires when: {"20h30m": {"TallygateBudgetBurningFast/day/30m"}}."""

    name: str
    series: dict
    firing: dict
    interval: str = "1m"
    present: dict = field(default_factory=lambda: PRESENT)

    def __str__(self):
        return self.name

    def document(self):
        expectations = [
            {"expr": FIRING, "eval_time": moment, "exp_samples": [sample(alert) for alert in alerts]}
            for moment, alerts in self.firing.items()
        ]
        return tried(self.present | self.series, expectations, self.interval)

    def alerts(self):
        return {alert.split("/")[0] for alerts in self.firing.values() for alert in alerts}


def sample(alert):
    """`Name/period/lookback` as the sample that FIRING has of it."""
    name, *rest = alert.split("/")
    return {"labels": labels({"alertname": name} | dict(zip(("period", "lookback"), rest))), "value": 1}


def tried(series, expectations, interval="1m", alerts=()):
    """One test of a promtool file."""
    return {
        "interval": interval,
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": expectations,
        "alert_rule_test": list(alerts),
    }


def run(directory, rules, *tests):
    """Has promtool try the tests; returns what it complains about."""
    path = Path(directory) / "tests.yaml"
    document = {
        "rule_files": [str(rules)],
        "evaluation_interval": tests[0]["interval"],
        # Else promtool evaluates groups in any order, and alerts see what was recorded a moment ago, or not.
        "group_eval_order": ["tallygate-accounts"],
        "tests": tests,
    }
    # Every JSON document is a YAML document.
    path.write_text(json.dumps(document))
    result = subprocess.run(
        [part("promtool"), "test", "rules", path], capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode == 0) == ("FAILED" not in result.stdout + result.stderr), result
    return "" if result.returncode == 0 else re.sub(r"\n\s*\n", "\n", result.stdout + result.stderr)


def check(rules):
    """Has promtool read the rules, and lint them; returns what it complains about."""
    result = subprocess.run(
        [part("promtool"), "check", "rules", "--lint=all", "--lint-fatal", rules],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return "" if result.returncode == 0 else result.stdout + result.stderr
