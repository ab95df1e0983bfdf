#!/usr/bin/env python3
"""Instructions and allocations of a usage line, from bytes to all counters and the usage log, and of a decision.

usage: Benchmarks/instructions.py [--program PATH] [--most N] [--most-pair N] [--output text|json]

Runs `hotpath` twice under `valgrind --tool=callgrind`, with different numbers of lines: what the second run has more is
what its further lines cost. Instructions do not depend on what else the machine does, so a bound on them holds in CI.
Fails when a line takes more instructions than `--most`, or when the further lines allocate at all; and when a pair of
reserve and settle takes more than `--most-pair`.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SERIES = 1000
ROUNDS = (2, 52)
# As many pairs before the first count that the ledger uses the places of closed reservations again.
PAIR_ROUNDS = (24, 64)
# What collects the instructions of pairs: requests are made outside of it, as a server makes them from bodies.
PAIRS = ("--toggle-collect=*Decisions*settleEach*",)
# The start of a process allocates a little more or less from run to run. One allocation a batch of lines would be 100.
MOST_ALLOCATIONS = 10
ALLOCATING = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"}


def counted(program, rounds, folder, *options, work="lines", collecting=()):
    """Instructions, lines or pairs, and calls of the allocator in one run."""
    profile = pathlib.Path(folder) / f"profile-{rounds}"
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", "--compress-strings=no",
         "--compress-pos=no", *collecting, program, "--rounds", str(rounds), "--series", str(SERIES), *options],
        capture_output=True, text=True, timeout=300, check=False,
        env=os.environ | {"SWIFT_DETERMINISTIC_HASHING": "1"})
    if done.returncode != 0:
        sys.exit(f"{program} failed under callgrind:\n{done.stderr[-2000:]}")
    return instructions(profile), json.loads(done.stdout)[work], allocations(profile)


def instructions(profile):
    with open(profile) as file:
        return next(int(line.split()[1]) for line in file if line.startswith(("summary:", "totals:")))


def allocations(profile):
    """Calls of functions that allocate, but for those that one of them makes of another."""
    calls, caller, callee = 0, "", ""
    with open(profile) as file:
        for line in file:
            if line.startswith("fn="):
                caller = plain_name(line[3:])
            elif line.startswith("cfn="):
                callee = plain_name(line[4:])
            elif line.startswith("calls=") and callee in ALLOCATING and caller not in ALLOCATING:
                calls += int(re.match(r"calls=(\d+)", line)[1])
    return calls


def plain_name(name):
    """Without what callgrind and glibc put around it: `__libc_malloc`, `malloc'2`."""
    return name.strip().split("'")[0].removeprefix("__libc_").removeprefix("__")


def for_valgrind(program, folder):
    """A copy without DWARF: valgrind gives up on what is newer than itself, and names of functions are not in it."""
    plain = pathlib.Path(folder) / pathlib.Path(program).name
    subprocess.run(["objcopy", "--strip-debug", program, plain], check=True)
    return plain


def cost_of_a_line(program, *options):
    with tempfile.TemporaryDirectory() as folder:
        plain = for_valgrind(program, folder)
        few, many = (counted(plain, rounds, folder, *options) for rounds in ROUNDS)
    if few[2] == 0:
        sys.exit("no allocation was seen at the start either: the allocator has another name here")
    lines = many[1] - few[1]
    instructions_per_line = round((many[0] - few[0]) / lines, 1)
    return {"instructions_per_line": instructions_per_line, "allocations": many[2] - few[2], "lines": lines}


def cost_of_a_pair(program):
    with tempfile.TemporaryDirectory() as folder:
        plain = for_valgrind(program, folder)
        few, many = (
            counted(plain, rounds, folder, "--work", "decisions", work="pairs", collecting=PAIRS)
            for rounds in PAIR_ROUNDS)
    return round((many[0] - few[0]) / (many[1] - few[1]), 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/static/release/hotpath")
    parser.add_argument("--most", type=float, default=float("inf"), help="instructions that a line may take")
    parser.add_argument("--most-pair", type=float, default=float("inf"),
                        help="instructions that a pair of reserve and settle may take")
    parser.add_argument("--output", choices=["text", "json"], default="text")
    arguments = parser.parse_args()
    cost = cost_of_a_line(arguments.program)
    cost["instructions_per_pair"] = cost_of_a_pair(arguments.program)
    if arguments.output == "json":
        print(json.dumps(cost))
    else:
        print(f"A line, three budgets matching: {cost['instructions_per_line']:.0f} instructions; "
              f"{cost['allocations']} allocations in {cost['lines']} lines.")
        print(f"Reserve and settle, three budgets matching: {cost['instructions_per_pair']:.0f} instructions.")
    if cost["instructions_per_line"] > arguments.most:
        sys.exit(f"That is more than {arguments.most:.0f} instructions a line.")
    if cost["instructions_per_pair"] > arguments.most_pair:
        sys.exit(f"That is more than {arguments.most_pair:.0f} instructions a pair of reserve and settle.")
    if cost["allocations"] > MOST_ALLOCATIONS:
        sys.exit("Lines of known tags must not allocate.")


if __name__ == "__main__":
    main()
