"""The sidecar that is measured: the release binary with a directory and ports of its own."""

import http.client
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

from . import tools

# Matching every line of the load. Limits that are never reached: a denial costs something else.
BUDGETS = [
    "{name: agent-day, per: [agent], limit: {tokens: 1000G}, window: {calendar: day}}",
    "{name: user-rolling, per: [user], limit: {tokens: 1000G}, window: {rolling: 24h}}",
    "{name: org-month, limit: {cost_usd: 1000000}, window: {calendar: month}}",
    "{name: model-hour, per: [model], limit: {tokens: 1000G}, window: {fixed: 1h}}",
    "{name: org-rolling, limit: {tokens: 1000G}, window: {rolling: 1h}}",
]


def configuration(budgets, bounds=""):
    listed = "budgets:\n" + "".join(f"  - {budget}\n" for budget in budgets) if budgets else ""
    return listed + (f"bounds: {bounds}\n" if bounds else "")


class Sidecar:
    """Started, ready and empty. Its journal and snapshots are on, in a directory that goes away with it."""

    binary = ".build/static/release/tallygate"
    # Tags that come for the first time cost much more than known ones; this leaves room on a busy machine.
    NEW_SERIES_PER_SECOND = 50_000

    def __init__(self, *flags, budgets=tuple(BUDGETS[:3]), bounds="", stdin=None, folder=None):
        self.owned = None if folder else tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(folder or self.owned.name)
        (self.folder / "configuration.yaml").write_text(configuration(budgets, bounds))
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        started = time.monotonic()
        self.process = subprocess.Popen(
            [self.binary, "run", "--config", self.folder / "configuration.yaml", *self.state(flags),
             "--ready-file", ready, "--udp.listen-address", "127.0.0.1:0", "--web.listen-address", "127.0.0.1:0",
             "--unixgram.listen-path", self.folder / "lines", "--control.listen-address", "127.0.0.1:0",
             "--control.socket", self.folder / "control", "--log.level", "error", *flags],
            stdin=stdin or subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() - started > 30:
                raise RuntimeError("the sidecar did not start")
            time.sleep(0.0005)
        self.ready_after = time.monotonic() - started
        self.addresses = json.loads(ready.read_text())
        self.udp = "udp:" + self.addresses["udp"]
        self.unixgram = f"unixgram:{self.folder / 'lines'}"
        self.control = {"TCP": self.addresses["control"], "Unix socket": f"unix:{self.folder / 'control'}"}
        self.seen = 0

    def state(self, flags):
        """A state directory, unless the flags say something of their own about it."""
        return [] if "--state.dir" in flags else ["--state.dir", self.folder / "state"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        if self.owned:
            self.owned.cleanup()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    @property
    def cpu_seconds(self):
        return tools.cpu_seconds(self.process.pid)

    @property
    def resident_mib(self):
        return self._memory_mib("VmRSS")

    @property
    def anonymous_mib(self):
        """Resident memory but for the program itself, whose pages are the system's cache of its file."""
        return self._memory_mib("RssAnon")

    def _memory_mib(self, name):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(name)) / 1024

    @property
    def web(self):
        return "127.0.0.1:" + self.addresses["web"].rsplit(":", 1)[1]

    def page(self):
        host, port = self.web.rsplit(":", 1)
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        connection.request("GET", "/metrics")
        body = connection.getresponse().read().decode()
        connection.close()
        return body

    def lines_of(self, name):
        """The samples of a metric."""
        return [line for line in self.page().splitlines() if line.startswith((name + "{", name + " "))]

    def total(self, name):
        """The sum of a metric over its labels."""
        return sum(float(line.rsplit(" ", 1)[1]) for line in self.lines_of(name))

    def take(self, target, output=subprocess.DEVNULL, **options):
        """Sends lines to it; returns what was sent, its CPU seconds, and how many lines it did not count."""
        before = self.cpu_seconds
        sent = tools.load(target, output, **options)
        tools.rest(self)
        spent = self.cpu_seconds - before
        self.seen += sent["lines"]
        end = time.monotonic() + 1
        while (lost := self.seen - self.total("tallygate_lines_total")) > 0 and time.monotonic() < end:
            time.sleep(0.1)
        self.seen -= lost
        return sent, spent, int(lost)

    def sweep(self, series=10_000, **options):
        """Each series once, slowly, so that all of them are known."""
        _, _, lost = self.take(
            self.udp, series=series, sweep=True, pack=tools.PACKED, rate=self.NEW_SERIES_PER_SECOND, **options)
        if lost:
            raise RuntimeError(f"{lost} lines of the sweep were lost")
