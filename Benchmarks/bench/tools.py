"""The C programs that send, receive and ask (Benchmarks/Tools), and the CPU time of whoever answers."""

import json
import os
import pathlib
import subprocess
import sys
import time

FOLDER = pathlib.Path(".build/tools")
PACKED = 1400
LOADED = 60


def load(target, output=subprocess.DEVNULL, **options):
    """Sends lines and returns what was sent: lines, datagrams, seconds, lines_per_s."""
    done = subprocess.run(
        [FOLDER / "load", target, *words(options)], stdout=output, stderr=subprocess.PIPE, text=True,
        timeout=2 * LOADED, check=True)
    return json.loads(done.stderr)


def ask(address, what, **options):
    """Asks and returns answers, per_s, bytes and times in microseconds."""
    return finish(start_asking(address, what, **options))


def start_asking(address, what, **options):
    return subprocess.Popen([FOLDER / "ask", address, what, *words(options)], stdout=subprocess.PIPE, text=True)


def start_loading(target, **options):
    return subprocess.Popen(
        [FOLDER / "load", target, *words(options)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(process):
    """What a client printed at its end."""
    output, errors = process.communicate(timeout=2 * LOADED)
    if process.returncode != 0:
        raise RuntimeError(f"{process.args} ended with {process.returncode}: {errors}")
    return json.loads(output or errors)


def copy(path):
    """Milliseconds that copying and compressing the bytes of a file take in C."""
    return json.loads(subprocess.run([FOLDER / "copy", path], capture_output=True, check=True, timeout=60).stdout)


def words(options):
    """`series=10, sweep=True` as `--series 10 --sweep`."""
    for name, value in options.items():
        if value is True:
            yield f"--{name}"
        elif value is not None and value is not False:
            yield from (f"--{name}", str(value))


class Started:
    """A C program of the benchmark that runs beside the sidecar."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    @property
    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)


class Sink(Started):
    """A bare C receiver: `kind` is udp, unixgram or stdin, `mode` is block or nap."""

    def __init__(self, kind, mode, path=""):
        self.process = subprocess.Popen(
            [FOLDER / "sink", kind, mode, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if kind == "stdin":
            self.target = "stdout"
        else:
            port = self.process.stdout.readline().decode().strip()
            self.target = f"udp:127.0.0.1:{port}" if kind == "udp" else f"unixgram:{path}"

    def take(self, **options):
        """Sends lines to it; returns what was sent and its CPU seconds."""
        before = self.cpu_seconds
        sent = load(self.target, self.process.stdin if self.target == "stdout" else subprocess.DEVNULL, **options)
        rest(self)
        return sent, self.cpu_seconds - before

    def finish(self):
        """Ends it and returns what came."""
        output, _ = self.process.communicate(timeout=10)
        return json.loads(output)


class Answerer(Started):
    """A bare C server that answers what `ask` asks with so many bytes."""

    def __init__(self, address, size):
        self.process = subprocess.Popen(
            [FOLDER / "answer", address, str(size)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.address = self.process.stdout.readline().decode().strip()


class Awake:
    """Keeps every core from going to sleep: what waking a core takes is the machine's, and no program's, and is most of
    what a question and an answer over loopback take.

    Asks the kernel for it (power management quality of service, `/dev/cpu_dma_latency`, for root where the machine has a
    driver of idle states); where that is not to be had, with work that gives way to any other (`SCHED_IDLE`)."""

    LATENCY = pathlib.Path("/dev/cpu_dma_latency")
    DRIVER = pathlib.Path("/sys/devices/system/cpu/cpuidle/current_driver")
    # It ends with its parent, and by itself.
    SPIN = ("import os, signal; signal.alarm(%d); parent = os.getppid();"
            " os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))\n"
            "while os.getppid() == parent: sum(range(10_000))" % LOADED)

    def __enter__(self):
        self.request, self.processes = None, []
        if self.can_ask():
            # Holds as long as the file is open: no idle state may take more than 0 microseconds to leave.
            self.request = self.LATENCY.open("wb", buffering=0)
            self.request.write((0).to_bytes(4, sys.byteorder))
        else:
            self.processes = [subprocess.Popen([sys.executable, "-c", self.SPIN]) for _ in os.sched_getaffinity(0)]
        return self

    @classmethod
    def can_ask(cls):
        has_driver = cls.DRIVER.exists() and cls.DRIVER.read_text().strip() != "none"
        return has_driver and os.access(cls.LATENCY, os.W_OK)

    def __exit__(self, *_):
        if self.request:
            self.request.close()
        for process in self.processes:
            process.kill()
            process.wait()


def rest(receiver):
    """Waits until a receiver has worked off what came: until it takes next to no CPU time."""
    quiet, before = 0, receiver.cpu_seconds
    while quiet < 3:
        time.sleep(0.03)
        after = receiver.cpu_seconds
        quiet = quiet + 1 if after - before < 0.0006 else 0
        before = after


def cpu_seconds(process):
    """CPU time of all threads that a process has or had, to the nanosecond: its clock (clock_getcpuclockid(3))."""
    return time.clock_gettime((~process << 3) | 2)
