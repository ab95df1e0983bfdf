#!/usr/bin/env python3
"""What keeping the state costs, measured from outside on the static release binary.

usage: Benchmarks/state.py [--binary PATH] [--quick]

Each figure is of two sidecars that run side by side, one with a state directory and one without, so that what else
the machine does falls on both: lines packed into datagrams at 500,000 lines/s, sent to each in turn; reservations and
their settles, to each in turn over one keep-alive connection; snapshots of 100,000 series while lines come in.
"""

import argparse
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from run import Sidecar, lines, pack, series  # noqa: E402

LINES_PER_SECOND = 500_000
BODY = b'{"tags":{"agent":"a1","user":"u1","model":"gpt-4o"},"tokens":{"input":800,"output":200},"requests":1}'


def cpu_seconds(sidecar):
    """Of all its threads, from the scheduler: finer than the ticks of /proc/PID/stat."""
    folder = f"/proc/{sidecar.process.pid}/task"
    total = 0
    for thread in os.listdir(folder):
        with open(f"{folder}/{thread}/schedstat") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def start(binary, keeps, *flags):
    return Sidecar(binary, *flags) if keeps else Sidecar(binary, *flags, "--state.dir", "")


def ingestion(binary, rounds, count):
    """CPU of each round with and without a state directory, as seconds per million lines."""
    tags = list(series(10_000))
    datagrams = list(pack(lines(count, tags)))
    payloads = [datagram for datagram, _ in datagrams]
    rate = LINES_PER_SECOND * len(payloads) / count
    costs = {True: [], False: []}
    lost = 0
    with start(binary, True, "--state.snapshot-interval", "1h") as kept, start(binary, False) as plain:
        both = {True: kept, False: plain}
        for sidecar in both.values():
            sidecar.send([datagram for datagram, _ in pack(f"tokens:1|c|#{tag}" for tag in tags)], 2000)
            sidecar.settle(len(tags))
        for number in range(rounds):
            for keeps in (number % 2 == 0, number % 2 != 0):
                sidecar = both[keeps]
                seen = sidecar.total("tallygate_lines_total")
                before = cpu_seconds(sidecar)
                sidecar.send(payloads, rate)
                time.sleep(0.2)
                took = cpu_seconds(sidecar) - before
                got = sidecar.total("tallygate_lines_total") - seen
                lost += count - got
                costs[keeps].append(took / got * 1e6)
    return costs, lost


def request(connection, method, path, body):
    started = time.perf_counter()
    connection.request(method, path, body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.read()
    took = time.perf_counter() - started
    assert response.status in (200, 201), answer
    return took, response.getheader("location")


def decisions(binary, count):
    """Seconds of each reservation and each settle, with and without a state directory."""
    times = {(keeps, verb): [] for keeps in (True, False) for verb in ("reserve", "settle")}
    with start(binary, True, "--state.snapshot-interval", "1h") as kept, start(binary, False) as plain:
        connections = {True: kept.connect("control"), False: plain.connect("control")}
        for number in range(count):
            for keeps in (number % 2 == 0, number % 2 != 0):
                connection = connections[keeps]
                took, place = request(connection, "POST", "/v1/reservations", BODY)
                times[keeps, "reserve"].append(took)
                took, _ = request(connection, "POST", f"{place}/settle", b"")
                times[keeps, "settle"].append(took)
    return times


def snapshots(binary, count):
    """Pause, time and bytes of snapshots of 100,000 series, while 20,000 lines a second come in."""
    tags = list(series(100_000))
    found = []
    with start(binary, True, "--state.snapshot-interval", "1s", "--max-series", "200000") as sidecar:
        sidecar.send([datagram for datagram, _ in pack(f"tokens:1|c|#{tag}" for tag in tags)], 2000)
        sidecar.settle(len(tags))
        last = None
        while len(found) < count:
            sidecar.send((datagram for datagram, _ in pack(lines(4_000, tags))), 900)
            page = sidecar.scrape().decode()
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
    rounds, count, asked = (4, 500_000, 1_000) if chosen.quick else (12, 1_000_000, 6_000)

    costs, lost = ingestion(chosen.binary, rounds, count)
    more = statistics.median(kept / plain - 1 for kept, plain in zip(costs[True], costs[False], strict=True))
    print(f"ingestion, packed at {LINES_PER_SECOND} lines/s, CPU seconds per million lines ({lost:.0f} lines lost):")
    print(f"  with the journal {spread(costs[True])}")
    print(f"  without          {spread(costs[False])}")
    print(f"  the journal adds {more:.1%} (median over {rounds} pairs)", flush=True)

    times = decisions(chosen.binary, asked)
    print("decisions over HTTP, one at a time, microseconds, the client included:")
    for verb in ("reserve", "settle"):
        kept, plain = (statistics.median(times[keeps, verb]) * 1e6 for keeps in (True, False))
        print(f"  {verb}: median {kept:.0f} with the journal, {plain:.0f} without: {kept - plain:+.1f}", flush=True)

    found = snapshots(chosen.binary, 4 if chosen.quick else 12)
    print(f"{len(found)} snapshots of {found[-1]['series']} series:")
    print(f"  pause, ms        {spread([values['pause_seconds'] for values in found], 1e3)}")
    print(f"  taken and written, ms {spread([values['duration_seconds'] for values in found], 1e3)}")
    print(f"  MB               {spread([values['size_bytes'] for values in found], 1e-6)}")


if __name__ == "__main__":
    main()
