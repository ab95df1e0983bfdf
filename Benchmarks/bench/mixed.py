"""Everything at once: lines, scrapes of 100,000 series, snapshots, decisions. Nothing is lost, nobody waits long."""

from . import tools
from .sidecar import Sidecar
from .table import Row

SERIES = 100_000
LINES_PER_SECOND = 200_000
DECISIONS_PER_SECOND = 500
SNAPSHOT_INTERVAL = "2s"


def rows(seconds):
    with Sidecar("--max-series", "200000", "--state.snapshot-interval", SNAPSHOT_INTERVAL) as sidecar:
        sidecar.sweep(SERIES)
        asking = {"count": seconds * DECISIONS_PER_SECOND, "rate": DECISIONS_PER_SECOND, "connections": 4}
        alone = tools.ask(sidecar.control["TCP"], "check", **asking)
        written = sidecar.total("tallygate_snapshot_last_success_timestamp_seconds")
        clients = [
            tools.start_loading(sidecar.udp, series=SERIES, pack=tools.PACKED, rate=LINES_PER_SECOND,
                                lines=seconds * LINES_PER_SECOND),
            tools.start_asking(sidecar.web, "scrape", rate=1, count=seconds),
            tools.start_asking(sidecar.control["TCP"], "check", **asking),
        ]
        sent, scraped, decided = (tools.finish(client) for client in clients)
        tools.rest(sidecar)
        lost = sidecar.seen + sent["lines"] - sidecar.total("tallygate_lines_total")
        if sidecar.total("tallygate_snapshot_last_success_timestamp_seconds") == written:
            raise RuntimeError("no snapshot was written meanwhile")
        yield Row(f"lines lost of {sent['lines']:,} at {LINES_PER_SECOND:,}/s", lost, "lines", goal=0)
        for quantile, goal in (("p50", None), ("p99", 1000)):
            yield Row(f"check, {DECISIONS_PER_SECOND}/s, {quantile}", decided["check"][f"{quantile}_us"], "µs",
                      alone["check"][f"{quantile}_us"], "nothing else going on", goal)
        yield Row(f"scrape each second, wall time, median of {scraped['answers']}", scraped["scrape"]["p50_us"] / 1e3,
                  "ms")
        pause = sidecar.total("tallygate_snapshot_pause_seconds")
        yield Row("pause for a snapshot, the last one", pause * 1e3, "ms", goal=2)
