"""The sidecar under test: the binary that `TALLYGATE` names, with free ports and a directory of its own."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import requests

from .page import OPENMETRICS, TEXT, Page
from .waiting import eventually

READY_WITHIN = 10.0
STOPS_WITHIN = 1.0


def binary():
    path = os.environ.get("TALLYGATE")
    assert path, "TALLYGATE must name the binary under test; `make integration` sets it"
    assert os.access(path, os.X_OK), f"TALLYGATE={path} is not an executable file; `make build` makes one"
    return path


def environment():
    """The tests' environment without the sidecar's own variables, and crashes that end at once instead of slowly."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("TALLYGATE")}
    return ours | {"SWIFT_BACKTRACE": "enable=no"}


def command(*arguments, **options):
    """Runs one short command of the binary to its end."""
    return subprocess.run(
        [binary(), *map(str, arguments)],
        capture_output=True, text=True, timeout=30, env=environment(), check=False, **options,
    )


def start_arguments(directory, config=None):
    """What every start has in common: ports the kernel picks, and every file inside `directory`."""
    arguments = [
        "run",
        "--udp.listen-address", "127.0.0.1:0",
        "--web.listen-address", "127.0.0.1:0",
        "--control.listen-address", "127.0.0.1:0",
        "--state.dir", str(directory / "state"),
        "--ready-file", str(directory / "ready.json"),
    ]
    if config is not None:
        (directory / "tallygate.yaml").write_text(config)
        arguments += ["--config", str(directory / "tallygate.yaml")]
    return arguments


class Sidecar:
    """One running sidecar. A second one over the same `directory` is a restart."""

    def __init__(self, directory, config=None, flags=(), stdin=subprocess.DEVNULL, unixgram=False):
        self.killed = False
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.state = self.directory / "state"
        arguments = start_arguments(self.directory, config)
        # A socket's path holds 107 bytes; a test's own directory may be longer.
        self._sockets = tempfile.TemporaryDirectory(prefix="tg")
        if unixgram:
            arguments += ["--unixgram.listen-path", os.path.join(self._sockets.name, "usage.sock")]
        ready_file = self.directory / "ready.json"
        ready_file.unlink(missing_ok=True)
        with open(self.directory / "stdout", "wb") as out, open(self.directory / "stderr", "wb") as err:
            self.process = subprocess.Popen(
                [binary(), *arguments, *map(str, flags)], stdin=stdin, stdout=out, stderr=err, env=environment()
            )
        self.addresses = self._wait_until_ready(ready_file)

    def _wait_until_ready(self, ready_file):
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"ended with {self.process.returncode} instead of starting:\n{self.stderr()}")
            try:
                return json.loads(ready_file.read_text())
            except (FileNotFoundError, json.JSONDecodeError):
                time.sleep(0.01)
        self.process.kill()
        self.process.wait()
        raise AssertionError(f"not ready after {READY_WITHIN} s:\n{self.stderr()}")

    # What it says.

    def stderr(self):
        return (self.directory / "stderr").read_text(errors="replace")

    def stdout(self):
        return (self.directory / "stdout").read_text(errors="replace")

    # Usage lines in.

    @property
    def udp(self):
        host, port = self.addresses["udp"].rsplit(":", 1)
        return host, int(port)

    @property
    def unixgram(self):
        return self.addresses["unixgram"]

    def send_udp(self, *datagrams):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for datagram in datagrams:
                sender.sendto(datagram if isinstance(datagram, bytes) else datagram.encode(), self.udp)

    def send_unixgram(self, datagrams):
        """Loses nothing: a full Unix socket makes the sender wait."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.connect(self.unixgram)
            for datagram in datagrams:
                sender.send(datagram if isinstance(datagram, bytes) else datagram.encode())

    # Metrics out.

    def web(self, path, **options):
        return requests.get(f"http://{self.addresses['web']}{path}", timeout=30, **options)

    def metrics(self, accept=TEXT):
        response = self.web("/metrics", headers={"Accept": accept})
        assert response.status_code == 200, response.text
        return Page(response.headers["Content-Type"], response.content.decode())

    def both_pages(self):
        return self.metrics(TEXT), self.metrics(OPENMETRICS)

    def total(self, name, **labels):
        return self.metrics().total(name, **labels)

    def expect_total(self, name, wanted, seconds=5.0, **labels):
        """Waits until a counter has arrived at exactly this number."""
        return eventually(lambda: self.total(name, **labels), wanted, seconds, because=f"for {name} {labels}")

    # Questions and holds.

    def control(self, method, path, body=None, **options):
        url = f"http://{self.addresses['control']}{path}"
        return requests.request(method, url, json=body, timeout=30, **options)

    def check(self, tags, tokens, **more):
        return self.control("POST", "/v1/check", {"tags": tags, "tokens": tokens, **more})

    def reserve(self, tags, tokens, **more):
        return self.control("POST", "/v1/reservations", {"tags": tags, "tokens": tokens, **more})

    def settle(self, identifier, tokens, **more):
        return self.control("POST", f"/v1/reservations/{identifier}/settle", {"tokens": tokens, **more})

    def release(self, identifier):
        return self.control("DELETE", f"/v1/reservations/{identifier}")

    def accounts(self, budget, **tags):
        response = self.control("GET", f"/v1/budgets/{budget}/accounts", params=tags)
        assert response.status_code == 200, response.text
        return response.json()

    def account(self, budget, **tags):
        found = self.accounts(budget, **tags)
        assert len(found) == 1, f"one account of {budget} with {tags}, not {found}"
        return found[0]

    # What it costs.

    def _memory(self, field):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
        raise AssertionError(f"no {field} for process {self.process.pid}")

    def resident_mib(self):
        return self._memory("VmRSS")

    def peak_resident_mib(self):
        return self._memory("VmHWM")

    # Its end.

    def alive(self):
        return self.process.poll() is None

    def wait(self, seconds=30.0):
        return self.process.wait(timeout=seconds)

    def stop(self, within=STOPS_WITHIN):
        """Asks it to end as Kubernetes does, and expects it to end well and in time."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=max(within, STOPS_WITHIN) + 5)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after SIGTERM:\n{self.stderr()}") from None
        took = time.monotonic() - started
        assert code == 0, f"ended with {code} after SIGTERM:\n{self.stderr()}"
        assert took <= within, f"took {took:.2f} s to end, {within} s allowed"

    def kill(self):
        """What power loss to the process looks like; a test that does this does not want it to end well."""
        if self.alive():
            self.killed = True
            self.process.kill()
            self.process.wait()

    def close(self):
        """Ends it whatever its state, and lets go of what the test held for it."""
        self.kill()
        if self.process.stdin and not self.process.stdin.closed:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass
        self._sockets.cleanup()

    def ended_well(self):
        return self.killed or self.process.returncode == 0
