#!/usr/bin/env python3
"""Kills the sidecar with SIGKILL, round after round, and checks that nothing that was acknowledged is lost or doubled.

    TALLYGATE=.build/static/release/tallygate scripts/crash_rounds.py --rounds 1000

Prints a line every 25 rounds, each problem as it is found, and a last line with all numbers; ends with 1 after a
problem. The same --seed makes the same traffic and the same kills; how far each gets is up to the machine.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/IntegrationTests"))

from harness.crash.rounds import CrashRounds, Numbers  # noqa: E402

# A new state directory after so many rounds, so that comparing does not take longer and longer.
ROUNDS_PER_DIRECTORY = 25


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop early after so many seconds")
    parser.add_argument("--lines-per-second", type=int, default=50_000)
    return parser.parse_args()


def main():
    chosen = arguments()
    deadline = time.monotonic() + chosen.seconds
    numbers = Numbers()
    number = 0
    while number < chosen.rounds and time.monotonic() < deadline:
        directory = tempfile.mkdtemp(prefix="tallygate-crash-")
        rounds = CrashRounds(directory, chosen.seed, lines_per_second=chosen.lines_per_second)
        rounds.numbers = numbers
        found = []
        while number < chosen.rounds and time.monotonic() < deadline:
            number += 1
            found = rounds.run(number)
            if found or number % ROUNDS_PER_DIRECTORY == 0:
                break
        for problem in found:
            print(f"{problem} (state kept in {directory})", flush=True)
        if not found:
            shutil.rmtree(directory)
        print(numbers.summary(), flush=True)
    return 1 if numbers.problems else 0


if __name__ == "__main__":
    sys.exit(main())
