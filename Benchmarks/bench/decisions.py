"""Decisions over HTTP with keep-alive, asked for by a C client, beside a bare C server that the same client asks, and the
same calls of the core without HTTP."""

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
        bare = {"TCP": "127.0.0.1:0", "Unix socket": f"unix:{sidecar.folder / 'bare'}"}
        for name, address in sidecar.control.items():
            with tools.Answerer(bare[name], tools.ask(address, "check", count=100)["bytes"]) as answerer:
                yield from one_at_a_time(sidecar, answerer, name, address, int(8_000 * scale), core)
                yield from many_at_once(answerer, name, address, int(40_000 * scale))


def one_at_a_time(sidecar, answerer, name, address, count, core):
    half_goal, most_goal = GOALS[name]
    for kind in ("check", "reserve"):
        # The bare server has no reservations to settle; it answers checks, with as many bytes as the sidecar.
        half, most, spent, floor, most_floor = one_connection(sidecar, answerer, address, kind, count)
        with tools.Awake():
            awake, awake_most, _, awake_floor, awake_most_floor = one_connection(
                sidecar, answerer, address, kind, count)
        yield Row(f"{kind}, {name}, 1 connection, p50", half, "µs", floor, "C", half_goal)
        yield Row("p99", most, "µs", most_floor, "C", most_goal)
        yield Row("the same while no core sleeps, p50", awake, "µs", awake_floor, "C", half_goal)
        yield Row("p99", awake_most, "µs", awake_most_floor, "C", most_goal)
        yield Row("CPU of the sidecar for an answer", spent, "µs", core[kind], "in the core")


def many_at_once(answerer, name, address, count):
    for kind in ("check", "reserve"):
        told = tools.ask(address, kind, count=count, connections=16)
        floor = tools.ask(answerer.address, "check", count=count, connections=16)["per_s"]
        label = "reserve and settle, answers" if kind == "reserve" else "checks"
        yield Row(f"{label}, {name}, 16 connections", told["per_s"], "/s", floor, "C", 40_000, rises=True,
                  note=f"p99 {told[kind]['p99_us'] / 1e3:.2g} ms")


def one_connection(sidecar, answerer, address, kind, count):
    """p50, p99 and the sidecar's CPU time of an answer, p50 and p99 of the bare server's, in microseconds: medians of a few
    rounds in which both are asked, one after the other."""
    found = []
    for _ in range(ROUNDS):
        before = sidecar.cpu_seconds
        told = tools.ask(address, kind, count=count)
        spent = (sidecar.cpu_seconds - before) / told["answers"] * 1e6
        floor = tools.ask(answerer.address, "check", count=count)["check"]
        found.append((told[kind]["p50_us"], told[kind]["p99_us"], spent, floor["p50_us"], floor["p99_us"]))
    return (statistics.median(part) for part in zip(*found, strict=True))
