"""Decisions over HTTP with keep-alive, asked for by a C client, beside the same calls of the core without HTTP."""

import statistics

from . import tools
from .sidecar import Sidecar
from .table import Row

GOALS = {"TCP": (60, 300), "Unix socket": (40, None)}
ROUNDS = 5


def rows(scale, core):
    """`core`: microseconds of a check and of a reserve with its settle, without HTTP and lock."""
    with Sidecar() as sidecar:
        sidecar.sweep()
        for name, address in sidecar.control.items():
            for kind in ("check", "reserve"):
                half, most, spent = one_connection(sidecar, address, kind, int(8_000 * scale))
                half_goal, most_goal = GOALS[name]
                yield Row(f"{kind}, {name}, 1 connection, p50", half, "µs", core[kind], "in the core", half_goal)
                yield Row("p99", most, "µs", goal=most_goal)
                yield Row("CPU of the sidecar for an answer", spent, "µs", core[kind], "in the core")
        for name, address in sidecar.control.items():
            for kind in ("check", "reserve"):
                told = tools.ask(address, kind, count=int(40_000 * scale), connections=16)
                label = "reserve and settle, answers" if kind == "reserve" else "checks"
                yield Row(f"{label}, {name}, 16 connections", told["per_s"], "/s", goal=40_000, rises=True,
                          note=f"p99 {told[kind]['p99_us'] / 1e3:.2g} ms")


def one_connection(sidecar, address, kind, count):
    """p50, p99 and the sidecar's CPU time of an answer, in microseconds: medians of a few rounds."""
    found = []
    for _ in range(ROUNDS):
        before = sidecar.cpu_seconds
        told = tools.ask(address, kind, count=count)
        spent = (sidecar.cpu_seconds - before) / told["answers"] * 1e6
        found.append((told[kind]["p50_us"], told[kind]["p99_us"], spent))
    return (statistics.median(part) for part in zip(*found, strict=True))
