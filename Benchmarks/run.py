#!/usr/bin/env python3
"""What the sidecar costs: one table, each measure beside a reference from the same run.

usage: Benchmarks/run.py [--binary PATH] [--quick] [--only GROUP] [--output text|json]

`make bench` builds everything first. The load is that of a busy pod: 50 agents x 200 users x 4 models x 2 kinds of
token, 10,000 series, the n-th with a weight of 1/n, lines of about 66 bytes; three budgets match every line; prices,
windowed counters, forecasts, snapshots and the journal are on. Everything stays on loopback and is bounded in count
and time. Costs are CPU seconds of all threads of the sidecar, medians of paired runs: wall time depends on who else
uses the machine.
"""

import argparse

import instructions
from bench import decisions, ingestion, micro, mixed, scrape, start
from bench.sidecar import Sidecar
from bench.table import Table

GROUPS = ["micro", "lines", "scrapes", "decisions", "start", "mixed"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=Sidecar.binary)
    parser.add_argument("--quick", action="store_true", help="a small part of the load: to see that everything runs")
    parser.add_argument("--only", action="append", choices=GROUPS, help="this group alone; may be given again")
    parser.add_argument("--output", choices=["text", "json"], default="text")
    chosen = parser.parse_args()
    wanted = chosen.only or GROUPS
    Sidecar.binary = chosen.binary
    scale, rounds = (0.1, 1) if chosen.quick else (1, 5)

    table = Table(chosen.output)
    table.start()
    core = micro.measure(scale) if {"micro", "decisions"} & set(wanted) else None
    if "micro" in wanted:
        table.add("One step", micro.rows(core, instructions.cost_of_a_line(".build/static/release/hotpath")))
    if "lines" in wanted:
        table.add("Lines", ingestion.rows(rounds, scale))
    if "scrapes" in wanted:
        table.add("Scrapes and memory", [
            *scrape.rows(10_000, max(1, int(10 * scale)), 4, None, 20),
            *scrape.rows(100_000, max(1, int(3 * scale)), 40, 120, 64)])
    if "decisions" in wanted:
        table.add("Decisions over HTTP", decisions.rows(scale, micro.microseconds(core)))
    if "start" in wanted:
        table.add("Start", start.rows(rounds, 100_000))
    if "mixed" in wanted:
        table.add("All at once", mixed.rows(10 if scale == 1 else 4))
    table.finish()


if __name__ == "__main__":
    main()
