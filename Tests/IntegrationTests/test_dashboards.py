"""The shipped dashboards: Grafana's conventions, and data in every panel after an hour of agents' traffic."""

import json
import math
import re
import subprocess
import sys
from pathlib import Path

import pytest
from harness import grafana, history
from harness.page import OPENMETRICS
from harness.prometheus import Prometheus
from harness.sidecar import Sidecar

ROOT = Path(__file__).parents[2]
DASHBOARDS = grafana.dashboards()
EVERY = pytest.mark.parametrize("dashboard", DASHBOARDS.values(), ids=DASHBOARDS)

CONFIG = """
defaults: { reservation_ttl: 1s }
labels: [agent, user, model, token_type, team]
budgets:
  - { name: agent-hour, per: [agent], limit: { tokens: 400_000 }, window: { calendar: hour } }
  - { name: agent-day, per: [agent], limit: { tokens: 60_000, cost_usd: 25 }, window: { calendar: day } }
  - { name: team-week, per: [team], limit: { cost_usd: 100 }, window: { calendar: week } }
  - { name: everyone, limit: { requests: 100_000 }, window: { calendar: month } }
runaway: [{ per: task, requests: 20 }]
"""
MINUTES = 60

# Known after the first windows only: these stand on the page as soon as there is something to forecast from.
FORECASTS = {
    "tallygate_budget_forecast": "900",
    'tallygate_budget_forecast_lower{level="0.8"}': "800",
    'tallygate_budget_forecast_upper{level="0.8"}': "1000",
    "tallygate_budget_exhaustion_probability": "0.3",
    "tallygate_budget_exhaustion_timestamp_seconds": "4e9",
    'tallygate_budget_burn_rate_ratio{lookback="5m"}': "1.2",
}


def test_they_are_what_the_script_writes(tmp_path):
    subprocess.run([sys.executable, ROOT / "scripts" / "dashboards", tmp_path], check=True, timeout=30)
    for name, dashboard in DASHBOARDS.items():
        assert json.loads((tmp_path / f"{name}.json").read_text()) == dashboard, name
    assert len(list(tmp_path.iterdir())) == len(DASHBOARDS) == 5


@EVERY
def test_it_picks_its_data_source_jobs_and_instances(dashboard):
    variables = {entry["name"]: entry for entry in dashboard["templating"]["list"]}
    source = variables["datasource"]
    assert (source["type"], source["query"], source["label"]) == ("datasource", "prometheus", "Data source")
    for name in ("job", "instance"):
        picked = variables[name]
        assert (picked["type"], picked["multi"], picked["allValue"]) == ("query", True, ".+")
        assert picked["label"] == name.capitalize()
    for entry in variables.values():
        if entry["type"] == "query":
            assert entry["datasource"]["uid"] == "${datasource}" and entry["refresh"] == 2
    assert dashboard["editable"] is False


@EVERY
def test_every_panel_says_what_it_shows_and_in_which_unit(dashboard):
    titles = [panel["title"] for panel in grafana.panels(dashboard)]
    assert len(set(titles)) == len(titles)
    for panel in grafana.panels(dashboard):
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["targets"] and panel["datasource"]["uid"] == "${datasource}", panel["title"]
        assert all(target["datasource"]["uid"] == "${datasource}" for target in panel["targets"]), panel["title"]


@EVERY
def test_ids_are_unique_and_panels_do_not_overlap(dashboard):
    identifiers = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(identifiers)) == len(identifiers)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in dashboard["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells) and max(x for x, _ in cells) < 24


@EVERY
def test_every_query_picks_job_and_instance_and_rates_its_counters(dashboard):
    for title, target in grafana.targets(dashboard):
        expression = target["expr"]
        selectors = re.findall(r"\b(?:tallygate|process)_\w+(\{[^}]*\})?", expression)
        assert selectors, title
        for selector in selectors:
            assert 'job=~"$job"' in selector and 'instance=~"$instance"' in selector, (title, expression)
        for function, window in re.findall(r"\b(rate|irate)\([^[]*\[([^]]*)\]", expression):
            assert window == "$__rate_interval", (title, function)
        counters = re.findall(r"(?:(\w+)\()?tallygate_\w+_total\b", expression)
        assert set(counters) <= {"rate", "increase"}, (title, expression)


def test_uids_and_titles_are_their_own():
    for key in ("uid", "title"):
        assert len({dashboard[key] for dashboard in DASHBOARDS.values()}) == len(DASHBOARDS)


def a_minute(sidecar, minute):
    """What four agents of two teams do in a minute."""
    lines = []
    for number, agent in enumerate(("planner", "coder", "reader", "writer")):
        tags = f"agent:{agent},user:user-{minute % 3},team:{'red' if number % 2 else 'blue'},session:s{minute}-{number}"
        for kind, tokens in (("input", 300 * (number + 1)), ("output", 100), ("cache_read", 50)):
            lines.append(f"tokens:{tokens}|c|#{tags},model:gpt-4o,kind:{kind},task:t{number}")
        lines += [f"requests:1|c|#{tags},model:gpt-4o,task:t{number}", f"duration:{700 + 50 * minute}|ms|#{tags}"]
    lines += ["cost:0.01|c|#agent:planner,team:blue", "tokens:10|c|#agent:coder,team:red,model:unheard-of"]
    lines += ["not a line", "unknown:1|g", f"tokens:5|c|#agent:coder,id:twice-{minute // 2}"]
    sidecar.send_udp(*lines)
    sidecar.expect_total("tallygate_lines_total", len(lines) * (minute + 1), source="udp")


def a_minutes_questions(sidecar, minute):
    """A call that is settled, one that is called off, one that nobody settles, and one that is denied."""
    small = {"agent": "writer", "team": "red", "model": "gpt-4o"}
    settled = sidecar.reserve(small, {"input": 100, "output": 20}).json()
    if "id" in settled:
        assert sidecar.settle(settled["id"], {"input": 100, "output": 35}).status_code == 200
    called_off = sidecar.reserve(small, {"input": 100}).json()
    if "id" in called_off:
        sidecar.release(called_off["id"])
    if minute % 10 == 0:
        sidecar.reserve({"agent": "reader", "model": "gpt-4o"}, {"input": 1})
    assert sidecar.reserve({"agent": "coder"}, {"input": 900_000}).status_code == 429


def later(page, minute):
    """The page with what takes longer than the test: forecasts of every account, and a session that ends each minute."""
    ended = re.compile(r'^(tallygate_session_tokens_(?:bucket\{le="(?:[1-9]\d{3,}.*|\+Inf)"\}|count)) 0$', re.MULTILINE)
    page, replaced = ended.subn(rf"\1 {minute}", page)
    assert replaced == 13, "bounds of 1,000 tokens and more, and the count"
    accounts = [
        line.split("{")[1].split("}")[0] for line in history.samples(page) if line.startswith("tallygate_budget_used{")
    ]
    lines = []
    for series, value in FORECASTS.items():
        name, _, more = series.partition("{")
        if name + "{" not in page:
            lines += [f"{name}{{{account}{',' + more[:-1] if more else ''}}} {value}" for account in accounts]
    return page.replace("# EOF", "\n".join([*lines, "# EOF"]))


@pytest.fixture(scope="module")
def hour(tmp_path_factory):
    """A Prometheus that has seen an hour of traffic, and the last page of the sidecar that counted it."""
    sidecar = Sidecar(tmp_path_factory.mktemp("sidecar"), CONFIG)
    pages = []
    try:
        for minute in range(MINUTES):
            a_minute(sidecar, minute)
            a_minutes_questions(sidecar, minute)
            pages.append(sidecar.metrics(OPENMETRICS).text)
        last = sidecar.metrics()
        sidecar.stop()
    finally:
        sidecar.close()
    directory = tmp_path_factory.mktemp("prometheus")
    history.store(history.an_hour([later(page, minute) for minute, page in enumerate(pages)]), directory)
    server = Prometheus(directory, {})
    yield server, last
    server.stop()


def found(server, target):
    """Whether a query finds a number."""
    expression = grafana.sent(target["expr"])
    if target.get("instant"):
        values = [series["value"] for series in server.query(expression)]
    else:
        values = [value for series in server.query_range(expression, 3600, 60) for value in series["values"]]
    return any(math.isfinite(float(number)) for _, number in values)


@EVERY
def test_every_query_finds_data_after_an_hour(dashboard, hour):
    server, _ = hour
    empty = {title: target["expr"] for title, target in grafana.targets(dashboard) if not found(server, target)}
    assert not empty


@EVERY
def test_every_metric_is_on_the_page_or_comes_with_the_first_forecast(dashboard, hour):
    _, last = hour
    known = last.names() | {series.partition("{")[0] for series in FORECASTS}
    for title, target in grafana.targets(dashboard):
        assert grafana.metrics(target["expr"]) <= known, title


def test_numbers_in_panels_are_those_that_were_counted(hour):
    server, last = hour
    queries = {title: target["expr"] for title, target in grafana.targets(DASHBOARDS["consumption"])}
    # An increase leaves out the first minute, and stretches the rest to the hour.
    counted = last.total("tallygate_tokens_total")
    assert server.value(grafana.sent(queries["Tokens"])) == pytest.approx(counted, rel=0.05)
    teams = server.query(
        grafana.sent(
            next(t["expr"] for title, t in grafana.targets(DASHBOARDS["chargeback"]) if title == "Cost by $by")
        )
    )
    assert {entry["metric"].get("team") for entry in teams} >= {"red", "blue"}


def test_every_variable_finds_values(hour):
    server, _ = hour
    for dashboard in DASHBOARDS.values():
        for entry in dashboard["templating"]["list"]:
            if entry["type"] == "query":
                selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", entry["definition"]).groups()
                assert server.query(f"count by ({label}) ({grafana.sent(selector)})"), entry["name"]


def test_a_query_that_finds_nothing_would_be_noticed(hour):
    server, _ = hour
    assert not found(server, {"expr": "tallygate_no_such_metric"})
    assert not found(server, {"expr": "0 / (tallygate_reservations * 0)"})
