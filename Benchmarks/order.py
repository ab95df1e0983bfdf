#!/usr/bin/env python3
"""Notes which functions a running sidecar uses, for the linker to put them side by side.

usage: Benchmarks/order.py [--binary PATH] [--output Sources/tallygate/functions.order]

A tenth of the program's code ever runs in a sidecar. Spread over the whole file it keeps most of the file in memory,
because a kernel maps what surrounds a page with it. Put together it is one piece. What runs is found by running it
under `valgrind --tool=callgrind`: start, lines, scrapes, decisions, reads, a minute's housekeeping, a snapshot, stop.

A name that a later program does not have does no harm, a function that is not listed stays where it was: the list wants
renewing when a compiler or a library changes much, not with each commit. Takes three minutes.
"""

import argparse
import collections
import os
import pathlib
import re
import subprocess
import tempfile
import time

from bench import tools
from bench.sidecar import Sidecar
from instructions import for_valgrind

HERE = pathlib.Path(__file__).resolve().parent
# Under callgrind all is fifty times slower: lines that come faster than that would be lost.
LINES_PER_SECOND = 2_000
# Housekeeping, forecasts and snapshots come once a minute.
A_MINUTE = 65
CONTROL_READS = ["/v1/status", "/v1/budgets", "/v1/usage", "/v1/totals", "/v1/alerts", "/v1/subjects"]
WEB_READS = ["/snapshot", "/healthz", "/readyz"]


def profile_of(binary, folder):
    """Runs a sidecar under callgrind. Returns the file that says what ran."""
    plain, profile, wrapper = for_valgrind(binary, folder), folder / "profile", folder / "wrapper"
    wrapper.write_text(
        "#!/bin/sh\nexec valgrind --quiet --tool=callgrind --demangle=no --compress-strings=no --compress-pos=no"
        f" --callgrind-out-file={profile} {plain} \"$@\"\n")
    wrapper.chmod(0o755)
    Sidecar.binary = str(wrapper)
    Sidecar.NEW_SERIES_PER_SECOND = LINES_PER_SECOND
    with Sidecar() as sidecar:
        use(sidecar)
    return profile


def use(sidecar):
    """What a sidecar meets in a pod."""
    print("lines", flush=True)
    sidecar.sweep()
    tools.load(sidecar.udp, lines=20_000, rate=LINES_PER_SECOND)
    tools.load(sidecar.unixgram, lines=20_000, pack=tools.PACKED, rate=LINES_PER_SECOND)
    print("decisions, scrapes and reads", flush=True)
    for _ in range(2):
        for address in sidecar.control.values():
            for kind in ("check", "reserve"):
                tools.ask(address, kind, count=200, connections=4)
        for kind in ("scrape", "scrape-gzip"):
            tools.ask(sidecar.web, kind, count=2)
        for path in CONTROL_READS:
            read(sidecar.control["TCP"], path)
        for path in WEB_READS:
            read(sidecar.web, path)
        print(f"{A_MINUTE} seconds of housekeeping", flush=True)
        time.sleep(A_MINUTE)


def read(address, path):
    subprocess.run(
        ["curl", "--silent", "--max-time", "30", "--output", "/dev/null", f"http://{address}{path}"], check=True)


def instructions_by_function(profile):
    counts, function, is_call = collections.Counter(), None, False
    with open(profile) as file:
        for line in file:
            if line.startswith("fn="):
                # A function that calls itself is listed again as `name'2`.
                function = re.sub(r"'\d+$", "", line[3:].strip())
            elif line.startswith("calls="):
                is_call = True
            elif line[0].isdigit() or line.startswith("0x"):
                # The line behind a call says what the called function took.
                if not is_call:
                    counts[function] += int(line.split()[-1])
                is_call = False
    return counts


def sizes(binary):
    listed = subprocess.run(["nm", "--print-size", binary], capture_output=True, text=True, check=True).stdout
    parts = (line.split(None, 3) for line in listed.splitlines())
    return {part[3]: int(part[1], 16) for part in parts if len(part) == 4}


def ordered(counts, sizes):
    """The most used first, in steps of a factor of ten, and by name within a step: so that the list changes little."""
    known = [name for name in counts if name in sizes]
    return sorted(known, key=lambda name: (-len(str(counts[name] // max(1, sizes[name]))), name))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/static/release/tallygate")
    parser.add_argument("--output", type=pathlib.Path, default=HERE.parent / "Sources/tallygate/functions.order")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = instructions_by_function(profile_of(os.path.abspath(chosen.binary), pathlib.Path(folder)))
    size = sizes(chosen.binary)
    names = ordered(counts, size)
    chosen.output.write_text("\n".join(names) + "\n")
    print(f"{len(names):,} functions of {sum(size[name] for name in names) / 2**20:.1f} MiB: {chosen.output}")


if __name__ == "__main__":
    main()
