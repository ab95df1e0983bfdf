"""Lines that come in: CPU seconds for a million, beside a bare C receiver of the same lines."""

import os
import statistics

from . import tools
from .sidecar import Sidecar
from .table import Row

# What, kind of socket, how the sink waits, bytes of a datagram, lines a second (for a second each round), goal.
PACED = [
    ("UDP packed, 100,000 lines/s", "udp", "nap", tools.PACKED, 100_000, 0.40),
    ("UDP packed, 500,000 lines/s", "udp", "nap", tools.PACKED, 500_000, 0.40),
    ("UDP single, 30,000 lines/s", "udp", "nap", None, 30_000, 2.0),
    ("the same beside a sink that blocks", "udp", "block", None, 30_000, 2.0),
    ("Unix datagrams packed, 100,000 lines/s", "unixgram", "nap", tools.PACKED, 100_000, None),
]


def rows(rounds, scale):
    yield stdin(rounds, int(3_000_000 * scale))
    with Sidecar() as sidecar:
        sidecar.sweep()
        for what, kind, mode, pack, rate, goal in PACED:
            yield paced(sidecar, rounds, what, kind, mode, goal, pack=pack, rate=rate, lines=int(rate * scale))
        yield fastest(sidecar, "UDP packed, most lines/s without loss", 2_500_000, 3_500_000, tools.PACKED, scale)
        yield fastest(sidecar, "UDP single, most lines/s without loss", None, 800_000, None, scale)


def cost(spent, lines):
    return spent / lines * 1e6


def paired_row(what, pairs, name, goal, lost=0):
    ours, bare = (statistics.median(costs) for costs in zip(*pairs, strict=True))
    return Row(what, ours, "CPU s/M lines", bare, name, goal, note=f"{lost} lost" if lost else "")


def paced(sidecar, rounds, what, kind, mode, goal, pack, **options):
    """Each round sends the same lines to the sidecar and to a sink, one after the other."""
    pairs, lost = [], 0
    target = sidecar.udp if kind == "udp" else sidecar.unixgram
    with tools.Sink(kind, mode, str(sidecar.folder / f"sink-{mode}-{pack or 1}")) as sink:
        sink.take(series=10_000, sweep=True)
        for _ in range(rounds):
            sent, spent, missing = sidecar.take(target, pack=pack, **options)
            lost += missing
            bare = sink.take(pack=pack, **options)
            pairs.append((cost(spent, sent["lines"] - missing), cost(bare[1], bare[0]["lines"])))
    return paired_row(what, pairs, "C, naps" if mode == "nap" else "C, blocks", goal, lost)


def stdin(rounds, lines):
    reading, writing = os.pipe()
    with Sidecar("--stdin", stdin=reading) as sidecar:
        os.close(reading)
        sidecar.take("stdout", writing, series=10_000, sweep=True)
        pairs, lost = [], 0
        with tools.Sink("stdin", "block") as sink:
            sink.take(series=10_000, sweep=True)
            for _ in range(rounds):
                _, spent, missing = sidecar.take("stdout", writing, lines=lines)
                lost += missing
                pairs.append((cost(spent, lines), cost(sink.take(lines=lines)[1], lines)))
        os.close(writing)
        return paired_row("standard input", pairs, "C", 0.20, lost)


def fastest(sidecar, what, goal, first, pack, scale):
    """The highest rate of a second's lines at which none was lost, stepping down from what the sender can do."""
    best = {}
    for name, send in (("sidecar", sidecar_lost), ("sink", sink_lost)):
        rate = first
        while rate > first / 40:
            sent, lost = send(sidecar, pack=pack, rate=rate, lines=int(rate * scale))
            if lost == 0:
                best[name] = sent["lines_per_s"]
                break
            rate *= 0.85
    return Row(what, best.get("sidecar", 0), "lines/s", best.get("sink"), "C, naps", goal, rises=True)


def sidecar_lost(sidecar, **options):
    sent, _, lost = sidecar.take(sidecar.udp, **options)
    return sent, lost


def sink_lost(_, **options):
    with tools.Sink("udp", "nap") as sink:
        sent, _ = sink.take(**options)
        return sent, sent["lines"] - sink.finish()["lines"]
