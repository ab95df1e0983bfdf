"""Decisions over HTTP with keep-alive, asked for by a C client, beside the same calls of the core without HTTP."""

from . import tools
from .sidecar import Sidecar
from .table import Row

GOALS = {"TCP": (60, 300), "Unix socket": (40, None)}


def rows(scale, core):
    """`core`: microseconds of a check and of a reserve with its settle, without HTTP and lock."""
    with Sidecar() as sidecar:
        sidecar.sweep()
        for name, address in sidecar.control.items():
            for kind in ("check", "reserve"):
                tools.ask(address, kind, count=int(2_000 * scale))
                count = int(20_000 * scale)
                before = sidecar.cpu_seconds
                told = tools.ask(address, kind, count=count, connections=1)
                spent = (sidecar.cpu_seconds - before) / told["answers"] * 1e6
                half, last = GOALS[name]
                times = told[kind]
                yield Row(f"{kind}, {name}, 1 connection, p50", times["p50_us"], "µs", core[kind], "in the core", half)
                yield Row("p99", times["p99_us"], "µs", goal=last)
                yield Row("CPU of the sidecar for an answer", spent, "µs", core[kind], "in the core")
        for name, address in sidecar.control.items():
            for kind in ("check", "reserve"):
                told = tools.ask(address, kind, count=int(40_000 * scale), connections=16)
                label = "reserve and settle, answers" if kind == "reserve" else "checks"
                yield Row(f"{label}, {name}, 16 connections", told["per_s"], "/s", goal=40_000, rises=True,
                          note=f"p99 {told[kind]['p99_us'] / 1e3:.2g} ms")
