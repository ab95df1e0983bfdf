"""Grafana's dashboards as files: their panels, and their queries as Grafana would send them."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "dashboards" / "grafana"
# Everything selected, the shortest range that holds two of the samples a minute apart.
CHOSEN = {
    "$__rate_interval": "5m",
    "$__range": "1h",
    "$job": ".+",
    "$instance": ".+",
    "$budget": "agent-day",
    "$unit": "tokens",
    "$by": "team",
}


def dashboards():
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def panels(dashboard):
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def targets(dashboard):
    """(title, target) of every query."""
    return [(panel["title"], target) for panel in panels(dashboard) for target in panel["targets"]]


def sent(expression):
    for name, value in CHOSEN.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, expression
    return expression


def metrics(expression):
    return set(re.findall(r"\b(?:tallygate|process)_\w+", expression))
