"""The shipped dashboard: well formed, and every query finds data in a real Prometheus over a real sidecar."""

import json
import re
from pathlib import Path

import pytest
from harness.waiting import eventually

DASHBOARD = Path(__file__).parents[2] / "dashboards" / "grafana" / "tallygate.json"

CONFIG = """
defaults: { reservation_ttl: 2s }
budgets:
  - { name: agent-daily, per: [agent], limit: { tokens: 10_000, cost_usd: 25 }, window: { calendar: day } }
"""


def panels():
    def walk(entries):
        for entry in entries:
            yield entry
            yield from walk(entry.get("panels", []))

    return list(walk(json.loads(DASHBOARD.read_text())["panels"]))


def expressions():
    return [(panel["title"], target["expr"]) for panel in panels() for target in panel.get("targets", [])]


def with_variables(expression):
    """What Grafana would send with everything selected; the minute spans both rounds of traffic."""
    values = {"$__rate_interval": "1m", "$__range": "1m", "$job": ".+", "$instance": ".+"}
    for name, value in values.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, expression
    return expression


def test_ids_are_unique_and_panels_do_not_overlap():
    identifiers = [panel["id"] for panel in panels()]
    assert len(set(identifiers)) == len(identifiers)
    cells = set()
    for panel in panels():
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in cells, panel["title"]
                cells.add((x, y))


def test_every_panel_says_what_it_shows_and_in_which_unit():
    for panel in panels():
        if panel["type"] != "row":
            assert panel["description"].endswith("."), panel["title"]
            assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
            assert panel["targets"], panel["title"]
            assert panel["datasource"]["uid"] == "${datasource}"


def test_every_query_picks_job_and_instance():
    for title, expression in expressions():
        selectors = re.findall(r"\b(?:tallygate|process)_\w+(\{[^}]*\})?", expression)
        assert selectors, title
        for selector in selectors:
            assert 'job=~"$job"' in selector and 'instance=~"$instance"' in selector, (title, expression)


@pytest.fixture
def busy(start, prometheus):
    """A sidecar that has had one of everything, between two scrapes, and a Prometheus that saw it happen."""
    sidecar = start(CONFIG)
    server = prometheus({"tallygate": sidecar.addresses["web"]})

    def traffic():
        for agent, tokens in (("small", 10), ("near", 8_500), ("past", 20_000)):
            tags = f"agent:{agent},user:alice,model:gpt-4o"
            sidecar.send_udp(f"tokens:{tokens}|c|#{tags}\nrequests:1|c|#{tags}\ncost:0.5|c|#{tags}\nnot a line")
        sidecar.reserve({"agent": "small", "model": "gpt-4o"}, {"input": 10})
        sidecar.reserve({"agent": "past", "model": "gpt-4o"}, {"input": 10})

    traffic()
    sidecar.expect_total("tallygate_requests_total", 3)
    eventually(lambda: server.value("sum(tallygate_requests_total)"), 3, 5)
    traffic()
    eventually(lambda: server.value("sum(tallygate_requests_total)"), 6, 5)
    # Past the time-to-live of the reservations.
    eventually(lambda: server.value("sum(tallygate_reservations_expired_total)"), lambda n: n, 15)
    return sidecar, server


def test_every_query_finds_data_and_every_metric_is_on_the_page(busy):
    sidecar, server = busy
    exported = sidecar.metrics().names()
    missing, empty = {}, {}
    for title, expression in expressions():
        names = set(re.findall(r"\b(?:tallygate|process)_\w+", expression))
        if not names <= exported:
            missing[title] = names - exported
        elif not server.query(with_variables(expression)):
            empty[title] = expression
    assert not missing
    assert not empty
