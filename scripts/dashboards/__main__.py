"""Writes the Grafana dashboards: `python3 scripts/dashboards [FOLDER]`, by default into dashboards/grafana."""

import json
import sys
from pathlib import Path

import budgets
import chargeback
import consumption
import enforcement
import sidecar

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "dashboards" / "grafana"
for part in (budgets, consumption, enforcement, sidecar, chargeback):
    path = folder / f"{part.__name__}.json"
    path.write_text(json.dumps(part.DASHBOARD, indent=2) + "\n")
