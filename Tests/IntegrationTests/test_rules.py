"""The shipped rules: what fires and what stays silent, by promtool, and what `tallygate rules` makes of configurations."""

import re
from pathlib import Path

import pytest
import yaml
from harness import promtool
from harness.promtool import Scenario, account, labels, tried
from harness.sidecar import command
from rule_scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "dashboards" / "prometheus" / "tallygate.rules.yaml"
RUNBOOKS = (ROOT / "docs" / "runbooks.md").read_text()

CONFIG = """
budgets:
  - { name: agent-daily, per: [agent], limit: { tokens: 10_000, cost_usd: 25 }, window: { calendar: day } }
  - { name: quarter, limit: { cost_usd: 900 }, window: { calendar: quarter } }
  - { name: task, per: [task], limit: { tokens: 1000 }, window: { lifetime: { idle_expiry: 1h } } }
"""


def rules_of(text):
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def alerts():
    return [rule for rule in rules_of(SHIPPED.read_text()) if "alert" in rule]


def written(*arguments):
    result = command("rules", *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_shipped_rules_are_what_the_binary_writes():
    assert SHIPPED.read_text() == written()


def test_promtool_finds_nothing_to_say_about_them():
    assert promtool.check(SHIPPED) == ""


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_what_fires(scenario, tmp_path):
    assert promtool.run(tmp_path, SHIPPED, scenario.document()) == ""


def test_every_alert_fires_somewhere():
    assert {rule["alert"] for rule in alerts()} == set().union(*(scenario.alerts() for scenario in SCENARIOS))


def test_a_wrong_expectation_would_be_noticed(tmp_path):
    wrong = Scenario("", account("week", 1000, "999x10"), {"5m": {"TallygateBudgetExhausted"}})
    assert "TallygateBudgetExhausted" in promtool.run(tmp_path, SHIPPED, wrong.document())


# Period, long lookback and factor, as the table in the runbooks has them.
THRESHOLDS = [
    ("hour", "5m", 6),
    ("day", "30m", 12),
    ("day", "2h", 4),
    ("day", "6h", 2),
    ("week", "1h", 13.4),
    ("week", "6h", 3.5),
    ("week", "1d", 1.4),
    ("month", "1h", 14.4),
    ("month", "6h", 6),
    ("month", "1d", 3),
]


@pytest.mark.parametrize(
    "interval, seconds, periods", [("15s", 15, ("hour",)), ("150s", 150, ("day", "week", "month"))]
)
def test_every_factor_is_where_the_table_says(interval, seconds, periods, tmp_path):
    """3 % above it fires, 3 % below it does not."""
    series, expectations = {}, []
    for period, long, factor in (row for row in THRESHOLDS if row[0] in periods):
        limit = promtool.SECONDS[period]
        for share, fires in ((1.03, 1), (0.97, 0)):
            agent = f"{long}-{share}"
            series |= account(period, limit, f"0+{seconds * factor * share}x580", f"{limit / 2}x580", agent=agent)
            firing = labels({"alertstate": "firing", "period": period, "lookback": long, "agent": agent})
            expectations.append(
                {
                    "expr": f"count(ALERTS{firing}) or vector(0)",
                    "eval_time": f"{580 * seconds}s",
                    "exp_samples": [{"labels": "{}", "value": fires}],
                }
            )
    assert promtool.run(tmp_path, SHIPPED, tried(series, expectations, interval)) == ""


def test_an_alert_names_the_budget_its_number_and_its_runbook(tmp_path):
    rule = next(rule for rule in alerts() if rule["alert"] == "TallygateDailyBudgetExceeded")
    tags = {"job": "tallygate", "agent": "a", "budget": "day-budget", "unit": "tokens", "window": "day"}
    exceeded = {
        "eval_time": "5m",
        "alertname": rule["alert"],
        "exp_alerts": [
            {
                "exp_labels": tags | {"severity": "critical"},
                "exp_annotations": {
                    "summary": rule["annotations"]["summary"],
                    "description": "125% of the day's limit of budget day-budget (tokens) is used. Pause what is not critical.",
                    "runbook_url": "https://tallygate.dev/runbooks#tallygatedailybudgetexceeded",
                },
            }
        ],
    }
    series = account("day", 1000, "1250x10", agent="a")
    assert promtool.run(tmp_path, SHIPPED, tried(series, [], alerts=[exceeded])) == ""


def test_every_alert_says_who_is_told_what_and_where_to_read_on():
    for rule in alerts():
        assert rule["labels"]["severity"] in ("critical", "warning", "info"), rule["alert"]
        notes = rule["annotations"]
        assert notes["summary"][0].isupper() and notes["summary"].endswith("."), rule["alert"]
        assert "{{" not in notes["summary"], rule["alert"]
        assert notes["description"].endswith("."), rule["alert"]


def test_every_alert_has_its_section_in_the_runbooks_and_no_section_is_left_over():
    sections = re.findall(r"^### (\w+)$", RUNBOOKS, re.MULTILINE)
    assert len(set(sections)) == len(sections)
    assert set(sections) == {rule["alert"] for rule in alerts()}
    for rule in alerts():
        assert rule["annotations"]["runbook_url"].split("#")[1] == rule["alert"].lower()
    for name, text in zip(sections, re.split(r"^### .*$", RUNBOOKS, flags=re.MULTILINE)[1:]):
        assert "**Look at**" in text and "**Do**" in text, name


def test_every_recorded_name_has_level_metric_and_operation():
    for rule in rules_of(SHIPPED.read_text()):
        if "record" in rule:
            assert re.fullmatch(r"(account|job):tallygate_[a-z_]+:[a-z0-9_]+", rule["record"])


def test_no_range_is_longer_than_a_day():
    for rule in rules_of(SHIPPED.read_text()):
        assert set(re.findall(r"\[(\w+)\]", rule["expr"])) <= {"1m", "5m", "15m", "30m", "1h", "2h", "6h", "1d"}


def test_a_configuration_has_rules_for_its_own_budgets_only(tmp_path):
    (tmp_path / "tallygate.yaml").write_text(CONFIG)
    text = written("--config", tmp_path / "tallygate.yaml")
    (tmp_path / "rules.yaml").write_text(text)
    assert promtool.check(tmp_path / "rules.yaml") == ""
    groups = {group["name"] for group in yaml.safe_load(text)["groups"]}
    assert "tallygate-day-budgets" in groups and not groups & {"tallygate-week-budgets", "tallygate-hour-budgets"}
    assert "because of their windows: quarter, task." in text


def test_sidecars_whose_limits_are_their_own_are_told_apart(tmp_path):
    (tmp_path / "rules.yaml").write_text(written("--shared-across", ""))
    series = account("month", 1000, "600x10") | account("month", 1000, "600x10", instance="pod-2:9465")
    silent = [{"expr": promtool.FIRING, "eval_time": "5m", "exp_samples": []}]
    assert promtool.run(tmp_path, tmp_path / "rules.yaml", tried(promtool.PRESENT | series, silent)) == ""


def test_the_operators_object_holds_the_same_rules_and_the_runbooks_of_ones_own():
    text = written("--format", "prometheusrule", "--runbook-url", "https://wiki.example/tallygate")
    document = yaml.safe_load(text)
    assert (document["apiVersion"], document["kind"]) == ("monitoring.coreos.com/v1", "PrometheusRule")
    ours = text.replace("https://wiki.example/tallygate", "https://tallygate.dev/runbooks")
    assert yaml.safe_load(ours)["spec"] == yaml.safe_load(SHIPPED.read_text())
    assert "https://tallygate.dev" not in text


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("--config", "/nowhere/tallygate.yaml"), "/nowhere/tallygate.yaml"),
        (("--shared-across", "instance,pod-1"), '"pod-1" is no label'),
        (("--format", "json"), "prometheusrule"),
    ],
)
def test_mistakes_are_said_and_nothing_is_written(arguments, said):
    result = command("rules", *arguments)
    assert result.returncode != 0 and result.stdout == ""
    assert said in result.stderr
