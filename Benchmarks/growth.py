#!/usr/bin/env python3
"""How the sidecar's cost grows: with series, tags, budgets, accounts and connections.

usage: Benchmarks/growth.py [--binary PATH] [--quick] [--plot FILE]

Prints a table as Markdown and writes the plot. Lines are packed and come at 200,000 a second; budgets are counted in
instructions, which nothing else on the machine changes.
"""

import argparse
import pathlib

from bench import growth
from bench.plot import Chart, page
from bench.sidecar import Sidecar
from bench.table import machine, number


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=Sidecar.binary)
    parser.add_argument("--quick", action="store_true", help="a small part of the load: to see that everything runs")
    parser.add_argument("--plot", type=pathlib.Path, default="docs/growth.svg")
    chosen = parser.parse_args()
    Sidecar.binary = chosen.binary
    scale = 0.1 if chosen.quick else 1

    print(f"Measured {machine()}.\n", flush=True)
    charts = []
    for axis, measures, points in (
        ("series", ["CPU s per million lines", "resident MiB"], growth.series(scale)),
        ("tags of a line", ["CPU s per million lines"], growth.tags(scale)),
        ("accounts", ["CPU s per million lines", "resident MiB"], growth.accounts(scale)),
        ("budgets that match a line", ["instructions per line"], growth.budgets()),
        ("budgets that match nothing", ["instructions per line"], growth.other_budgets()),
        ("connections", ["checks per second", "p99 of a check, ms"], growth.connections(scale)),
    ):
        found = list(points)
        rows = [(axis, *(f"{point[0]:,}" for point in found))]
        for place, measure in enumerate(measures, 1):
            rows.append((measure, *(number(point[place]) for point in found)))
            charts.append(Chart(measure, axis, [(point[0], point[place]) for point in found]))
        print("\n".join("| " + " | ".join(row) + " |" for row in rows[:1]), "|" + "---|" * (len(found) + 1), sep="\n")
        print("\n".join("| " + " | ".join(row) + " |" for row in rows[1:]), flush=True)
        print(flush=True)
    chosen.plot.write_text(page(charts))


if __name__ == "__main__":
    main()
