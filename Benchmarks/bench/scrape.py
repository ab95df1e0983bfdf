"""A scrape: CPU milliseconds, beside the same bytes copied or compressed by C alone. And what is kept in memory."""

import statistics

from . import tools
from .sidecar import BUDGETS, Sidecar
from .table import Row

ROUNDS = 5

# With it and the load's agents and users, a little more than 1,000 accounts.
MANY_ACCOUNTS = "{name: user-model, per: [user, model], limit: {tokens: 1000G}, window: {calendar: day}}"
MEGABYTE = 1e6 / 2**20


def rows(count, scrapes, plain_goal, gzip_goal, memory_goal_mb):
    with Sidecar("--max-series", "200000") as sidecar:
        sidecar.sweep(count)
        yield from scraped(sidecar, count, scrapes, plain_goal, gzip_goal)
        after = sidecar.resident_mib
    with Sidecar("--max-series", "200000", budgets=[*BUDGETS[:3], MANY_ACCOUNTS]) as sidecar:
        empty, empty_anonymous = sidecar.resident_mib, sidecar.anonymous_mib
        tools.load(sidecar.udp, series=count, sweep=True, pack=tools.PACKED, rate=sidecar.NEW_SERIES_PER_SECOND)
        tools.rest(sidecar)
        full, anonymous = sidecar.resident_mib, sidecar.anonymous_mib
        counts = [len(sidecar.lines_of(name)) for name in ("tallygate_tokens_total", "tallygate_budget_limit")]
        yield Row("resident memory, {:,} series, {:,} accounts".format(*counts), full, "MiB", empty, "empty",
                  memory_goal_mb * MEGABYTE)
    yield Row("of that without the program's own file", anonymous, "MiB", empty_anonymous, "empty")
    yield Row("resident memory after scrapes, three budgets", after, "MiB", empty, "empty")


def scraped(sidecar, count, scrapes, plain_goal, gzip_goal):
    page = sidecar.folder / "page"
    compressed = scrape(sidecar, "scrape-gzip", scrapes, page)
    plain = scrape(sidecar, "scrape", scrapes, page)
    alone = tools.copy(page)
    yield Row(f"scrape of {count:,} series, {plain[1] / 1e6:.1f} MB", plain[0], "CPU ms", alone["copy_ms"], "C, memcpy",
              plain_goal)
    yield Row(f"the same with gzip, {compressed[1] / 1e6:.2f} MB", compressed[0], "CPU ms", alone["gzip_ms"],
              "C, zlib level 1", gzip_goal)


def scrape(sidecar, kind, count, page):
    """CPU milliseconds and bytes of a scrape, the median of rounds; the first, which makes room, is not counted."""
    tools.ask(sidecar.web, kind, count=1)
    spent = []
    for _ in range(ROUNDS):
        before = sidecar.cpu_seconds
        answer = tools.ask(sidecar.web, kind, count=count, save=page)
        spent.append((sidecar.cpu_seconds - before) / count * 1e3)
    return statistics.median(spent), answer["bytes"]
