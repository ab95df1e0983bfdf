"""Everything at once: lines, scrapes of 100,000 series, snapshots, decisions. Nothing is lost, nobody waits long.

Beside the sidecar a bare C server is asked as often, while the sidecar has the same to do: how long an answer takes
depends on the machine's free cores first."""

from . import tools
from .sidecar import Sidecar
from .table import Row

SERIES = 100_000
LINES_PER_SECOND = 200_000
DECISIONS_PER_SECOND = 500
SNAPSHOT_INTERVAL = "2s"
MOST = 1000  # microseconds


def rows(seconds):
    with Sidecar("--max-series", "200000", "--state.snapshot-interval", SNAPSHOT_INTERVAL) as sidecar:
        sidecar.sweep(SERIES)
        size = tools.ask(sidecar.control["TCP"], "check", count=100)["bytes"]
        with tools.Answerer("127.0.0.1:0", size) as bare:
            mix = Mix(sidecar, seconds)
            alone, bare_alone = (mix.ask(address) for address in (sidecar.control["TCP"], bare.address))
            decided, scraped = mix.run(sidecar.control["TCP"])
            bare_decided, _ = mix.run(bare.address)
            with tools.Awake():
                awake, _ = mix.run(sidecar.control["TCP"])
                bare_awake, _ = mix.run(bare.address)
        yield Row(f"lines lost of {mix.sent:,} at {LINES_PER_SECOND:,}/s", mix.lost, "lines", goal=0)
        check = f"check, {DECISIONS_PER_SECOND}/s"
        yield Row(f"{check}, p50", decided["p50_us"], "µs", bare_decided["p50_us"], "C")
        yield Row(f"{check}, p99", decided["p99_us"], "µs", bare_decided["p99_us"], "C", MOST)
        yield Row("the same while no core sleeps, p99", awake["p99_us"], "µs", bare_awake["p99_us"], "C", MOST)
        yield Row(f"{check} and nothing else going on, p99", alone["p99_us"], "µs", bare_alone["p99_us"], "C")
        yield Row(f"scrape each second, wall time, median of {scraped['count']}", scraped["p50_us"] / 1e3, "ms")
        pause = sidecar.total("tallygate_snapshot_pause_seconds")
        yield Row("pause for a snapshot, the last one", pause * 1e3, "ms", goal=2)


class Mix:
    """Clients that keep a sidecar busy while somebody is asked for decisions."""

    def __init__(self, sidecar, seconds):
        self.sidecar, self.seconds = sidecar, seconds
        self.sent = self.lost = 0

    def asking(self):
        return {"count": self.seconds * DECISIONS_PER_SECOND, "rate": DECISIONS_PER_SECOND, "connections": 4}

    def ask(self, address):
        """Times of the answers."""
        return tools.ask(address, "check", **self.asking())["check"]

    def run(self, address):
        """Times of the answers, and of the scrapes, while the sidecar has everything to do."""
        sidecar = self.sidecar
        written, before = self.last_snapshot(), sidecar.total("tallygate_lines_total")
        clients = [
            tools.start_loading(sidecar.udp, series=SERIES, pack=tools.PACKED, rate=LINES_PER_SECOND,
                                lines=self.seconds * LINES_PER_SECOND),
            tools.start_asking(sidecar.web, "scrape", rate=1, count=self.seconds),
            tools.start_asking(address, "check", **self.asking()),
        ]
        sent, scraped, decided = (tools.finish(client) for client in clients)
        tools.rest(sidecar)
        self.sent += sent["lines"]
        self.lost += int(before + sent["lines"] - sidecar.total("tallygate_lines_total"))
        if self.last_snapshot() == written:
            raise RuntimeError("no snapshot was written meanwhile")
        return decided["check"], scraped["scrape"]

    def last_snapshot(self):
        """When it was written."""
        return self.sidecar.total("tallygate_snapshot_last_success_timestamp_seconds")
