#!/usr/bin/env python3
"""What keeping the state costs, measured from outside on the static release binary.

usage: Benchmarks/state.py [--binary PATH] [--quick]

Each figure is of two sidecars that run side by side, one with a state directory and one without, so that what else
the machine does falls on both: lines packed into datagrams at 500,000 lines/s, sent to each in turn; reservations and
their settles, to each in turn over one connection and over sixteen; snapshots of 100,000 series while lines come in.
"""

import argparse
import statistics

from bench import tools
from bench.sidecar import Sidecar

LINES_PER_SECOND = 500_000


def start(keeps, *flags):
    return Sidecar(*flags) if keeps else Sidecar(*flags, "--state.dir", "")


def ingestion(rounds, count):
    """CPU of each round with and without a state directory, as seconds per million lines."""
    costs = {True: [], False: []}
    lost = 0
    with start(True, "--state.snapshot-interval", "1h") as kept, start(False) as plain:
        both = {True: kept, False: plain}
        for sidecar in both.values():
            sidecar.sweep()
        for number in range(rounds):
            for keeps in (number % 2 == 0, number % 2 != 0):
                sent, took, missing = both[keeps].take(
                    both[keeps].udp, lines=count, rate=LINES_PER_SECOND, pack=tools.PACKED)
                lost += missing
                costs[keeps].append(took / (sent["lines"] - missing) * 1e6)
    return costs, lost


def decisions(rounds, count, connections):
    """Rounds of reservations and their settles, with and without a state directory, over a Unix socket."""
    found = {True: [], False: []}
    with start(True, "--state.snapshot-interval", "1h") as kept, start(False) as plain:
        both = {True: kept, False: plain}
        for sidecar in both.values():
            tools.ask(sidecar.control["Unix socket"], "reserve", count=500)
        for number in range(rounds):
            for keeps in (number % 2 == 0, number % 2 != 0):
                before = both[keeps].cpu_seconds
                told = tools.ask(
                    both[keeps].control["Unix socket"], "reserve", count=count, connections=connections)
                told["cpu_us"] = (both[keeps].cpu_seconds - before) / told["answers"] * 1e6
                found[keeps].append(told)
    return found


def tell_decisions(found, connections):
    print(f"decisions over HTTP, {connections} at a time:")
    figures = {
        "reserve, p50, µs": lambda told: told["reserve"]["p50_us"],
        "settle, p50, µs": lambda told: told["settle"]["p50_us"],
        "CPU for an answer, µs": lambda told: told["cpu_us"],
        "answers per second": lambda told: told["per_s"],
    }
    for name, figure in figures.items():
        kept, plain = (statistics.median(figure(told) for told in found[keeps]) for keeps in (True, False))
        print(f"  {name}: {kept:,.1f} with the journal, {plain:,.1f} without: {kept - plain:+,.1f}", flush=True)


def snapshots(count):
    """Pause, time and bytes of snapshots of 100,000 series, while 20,000 lines a second come in."""
    found = []
    with start(True, "--state.snapshot-interval", "1s", "--max-series", "200000") as sidecar:
        sidecar.sweep(100_000)
        last = None
        while len(found) < count:
            tools.load(sidecar.udp, series=100_000, lines=4_000, rate=20_000, pack=tools.PACKED)
            page = sidecar.page()
            values = {}
            for line in page.splitlines():
                if line.startswith("tallygate_snapshot_"):
                    name, value = line.rsplit(" ", 1)
                    values[name.removeprefix("tallygate_snapshot_")] = float(value)
            if values["last_success_timestamp_seconds"] != last:
                last = values["last_success_timestamp_seconds"]
                values["series"] = sum(
                    line.startswith("tallygate_tokens_total{") for line in page.splitlines())
                found.append(values)
    return found[1:]


def spread(values, scale=1.0):
    ordered = sorted(value * scale for value in values)
    return f"median {statistics.median(ordered):.3g} (from {ordered[0]:.3g} to {ordered[-1]:.3g})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/static/release/tallygate")
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    Sidecar.binary = chosen.binary
    rounds, count, asked = (4, 500_000, 500) if chosen.quick else (12, 1_000_000, 1_000)

    costs, lost = ingestion(rounds, count)
    more = statistics.median(kept / plain - 1 for kept, plain in zip(costs[True], costs[False], strict=True))
    print(f"ingestion, packed at {LINES_PER_SECOND} lines/s, CPU seconds per million lines ({lost:.0f} lines lost):")
    print(f"  with the journal {spread(costs[True])}")
    print(f"  without          {spread(costs[False])}")
    print(f"  the journal adds {more:.1%} (median over {rounds} pairs)", flush=True)

    tell_decisions(decisions(rounds * 2, asked, 1), 1)
    tell_decisions(decisions(rounds, 4 * asked, 16), 16)

    found = snapshots(4 if chosen.quick else 12)
    print(f"{len(found)} snapshots of {found[-1]['series']} series:")
    print(f"  pause, ms        {spread([values['pause_seconds'] for values in found], 1e3)}")
    print(f"  taken and written, ms {spread([values['duration_seconds'] for values in found], 1e3)}")
    print(f"  MB               {spread([values['size_bytes'] for values in found], 1e-6)}")


if __name__ == "__main__":
    main()
