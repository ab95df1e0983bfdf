"""What grows with what: each a list of points, (how many, what it costs)."""

import statistics

import instructions

from . import tools
from .sidecar import BUDGETS, Sidecar

MOST = "{max_accounts: 200000}"
HOTPATH = ".build/static/release/hotpath"
ROUNDS = 3


def cost(sidecar, scale, **options):
    """CPU seconds for a million lines, packed, at 200,000 lines/s; the median of three rounds."""
    costs = []
    for _ in range(ROUNDS):
        sent, spent, lost = sidecar.take(
            sidecar.udp, pack=tools.PACKED, rate=200_000, lines=int(300_000 * scale), **options)
        costs.append(spent / (sent["lines"] - lost) * 1e6)
    return statistics.median(costs)


def series(scale, counts=(1_000, 10_000, 100_000, 1_000_000)):
    """Cost of a line and resident MiB."""
    for count in counts[:None if scale == 1 else 3]:
        with Sidecar("--max-series", str(2 * count)) as sidecar:
            sidecar.sweep(count)
            resident = sidecar.resident_mib
            yield count, cost(sidecar, scale, series=count), resident


def tags(scale):
    for further in (0, 4, 8, 16):
        with Sidecar() as sidecar:
            sidecar.sweep(tags=further)
            yield 4 + further, cost(sidecar, scale, tags=further)


def accounts(scale):
    """Accounts of one budget more, by what it is kept for; cost of a line and resident MiB."""
    for keys, count in (("", 10_000), ("user", 10_000), ("user, model", 10_000), ("agent, user", 10_000),
                        ("agent, user, model", 100_000)):
        budget = f"{{name: more, per: [{keys}], limit: {{tokens: 1000G}}, window: {{calendar: day}}}}"
        with Sidecar("--max-series", "200000", budgets=[*BUDGETS[:3], budget], bounds=MOST) as sidecar:
            sidecar.sweep(count)
            resident = sidecar.resident_mib
            spent = cost(sidecar, scale, series=10_000)
            yield len(sidecar.lines_of("tallygate_budget_limit")), spent, resident


def budgets():
    """Instructions of a line, by the number of budgets that match it."""
    for matching in range(6):
        yield matching, instructions.cost_of_a_line(HOTPATH, "--matching", str(matching))["instructions_per_line"]


def other_budgets():
    """Instructions of a line that three budgets match, by the number of budgets that do not."""
    for other in (0, 1, 10, 100):
        yield other, instructions.cost_of_a_line(HOTPATH, "--other", str(other))["instructions_per_line"]


def connections(scale):
    """Checks a second and their p99 in milliseconds, over TCP."""
    with Sidecar() as sidecar:
        sidecar.sweep()
        for count in (1, 4, 16, 64, 256):
            tools.ask(sidecar.control["TCP"], "check", count=1_000, connections=count)
            told = tools.ask(sidecar.control["TCP"], "check", count=int(30_000 * scale), connections=count)
            yield count, told["per_s"], told["check"]["p99_us"] / 1e3
