"""From the start of the process until it is ready, wall time: medians, beside a C program that ends at once."""

import statistics
import subprocess
import tempfile
import time

from . import tools
from .sidecar import Sidecar
from .table import Row


def rows(rounds, series):
    with tempfile.TemporaryDirectory() as folder:
        empty = []
        for _ in range(rounds):
            with Sidecar() as sidecar:
                empty.append((sidecar.ready_after, sidecar.cpu_seconds))
        first = Sidecar("--max-series", "200000", folder=folder)
        try:
            first.sweep(series)
        finally:
            first.stop()
        full = [start_again(folder, series) for _ in range(rounds)]
    bare = statistics.median(bare_start() for _ in range(rounds)) * 1e3
    for what, times, goal in (("empty", empty, 20), (f"with {series:,} series", full, 200)):
        ready, spent = (statistics.median(part) * 1e3 for part in zip(*times, strict=True))
        yield Row(f"start to ready, {what}", ready, "ms", bare, "C", goal, note=f"{spent:.0f} ms of CPU")


def start_again(folder, series):
    sidecar = Sidecar("--max-series", "200000", folder=folder)
    try:
        told = sidecar.ready_after, sidecar.cpu_seconds
        kept = len(sidecar.lines_of("tallygate_tokens_total"))
    finally:
        sidecar.stop()
    if kept < series:
        raise RuntimeError(f"{kept} of {series} series came back")
    return told


def bare_start():
    started = time.monotonic()
    subprocess.run([tools.FOLDER / "copy"], stderr=subprocess.DEVNULL, check=False)
    return time.monotonic() - started
