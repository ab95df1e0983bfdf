#!/usr/bin/env python3
"""What the sidecar costs, measured from outside on the static release binary.

usage: Benchmarks/run.py [--binary PATH] [--quick] [--output text|json]

The workload is that of a busy pod: 50 agents x 200 users x 4 models x 2 kinds of token, 10,000 series with a
Zipf distribution, lines of about 62 bytes; three budgets match every line. Everything stays on loopback and is
bounded in count and time. CPU seconds come from /proc and are steadier than wall time on a shared machine.
"""

import argparse
import bisect
import gzip
import http.client
import itertools
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")
MODELS = ["gpt-4o", "claude-sonnet-5", "gemini-2.5-pro", "mistral-large-latest"]
CONFIGURATION = """
budgets:
  - {name: agent-day, per: [agent], limit: {tokens: 1000G}, window: {calendar: day}}
  - {name: user-rolling, per: [user], limit: {tokens: 1000G}, window: {rolling: 24h}}
  - {name: org-month, limit: {cost_usd: 1000000}, window: {calendar: month}}
"""


def series(count):
    """Distinct spellings of tags, in a fixed shuffled order."""
    users = 200
    while 50 * users * 8 < count:
        users += 50
    numbers = list(range(50 * users * 8))
    random.Random(7).shuffle(numbers)
    for number in numbers[:count]:
        kind, model, user, agent = number % 2, number // 2 % 4, number // 8 % users, number // 8 // users
        yield f"agent:a{agent},user:u{user},model:{MODELS[model]},kind:{('input', 'output')[kind]}"


def lines(count, tags, seed=42):
    """Lines over the series, the n-th of them with a weight of 1/n."""
    chance = random.Random(seed)
    edges = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(tags))))
    for _ in range(count):
        yield f"tokens:{chance.randrange(1, 4000)}|c|#{tags[bisect.bisect_left(edges, chance.random() * edges[-1])]}"


def pack(all_lines, size=1400):
    """Datagrams of whole lines, as many as fit."""
    batch, length = [], 0
    for line in all_lines:
        if batch and length + len(line) + 1 > size:
            yield "\n".join(batch).encode(), len(batch)
            batch, length = [], 0
        batch.append(line)
        length += len(line) + 1
    if batch:
        yield "\n".join(batch).encode(), len(batch)


class Sidecar:
    def __init__(self, binary, *flags, stdin=subprocess.DEVNULL):
        self.folder = tempfile.TemporaryDirectory()
        folder = self.folder.name
        with open(f"{folder}/c.yaml", "w") as file:
            file.write(CONFIGURATION)
        ready = f"{folder}/ready"
        start = time.monotonic()
        self.process = subprocess.Popen(
            [binary, "run", "--config", f"{folder}/c.yaml", "--state.dir", f"{folder}/state", "--ready-file", ready,
             "--udp.listen-address", "127.0.0.1:0", "--web.listen-address", "127.0.0.1:0",
             "--control.listen-address", "127.0.0.1:0", "--log.level", "error", *flags],
            stdin=stdin, stdout=subprocess.DEVNULL)
        while not os.path.exists(ready):
            if self.process.poll() is not None or time.monotonic() - start > 10:
                sys.exit("the sidecar did not start")
            time.sleep(0.001)
        self.ready_after = time.monotonic() - start
        with open(ready) as file:
            self.addresses = json.load(file)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        self.folder.cleanup()

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_mib(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024

    def connect(self, name):
        host, port = self.addresses[name].rsplit(":", 1)
        return http.client.HTTPConnection(host or "127.0.0.1", int(port), timeout=30)

    def scrape(self, compressed=False):
        connection = self.connect("web")
        connection.request("GET", "/metrics", headers={"Accept-Encoding": "gzip"} if compressed else {})
        body = connection.getresponse().read()
        connection.close()
        return body

    def total(self, name):
        page = self.scrape().decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in page.splitlines() if line.startswith(name + "{"))

    def send(self, datagrams, rate):
        """Sends at `rate` datagrams a second, in slices of a millisecond."""
        host, port = self.addresses["udp"].rsplit(":", 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.connect((host, int(port)))
            start, sent = time.monotonic(), 0
            for datagram in datagrams:
                sender.send(datagram)
                sent += 1
                ahead = start + sent / rate - time.monotonic()
                if ahead > 0.001:
                    time.sleep(ahead)

    def settle(self, expected, deadline=10):
        end = time.monotonic() + deadline
        while (got := self.total("tallygate_lines_total")) < expected and time.monotonic() < end:
            time.sleep(0.1)
        return got


def udp(binary, tags, count, packed, rate):
    with Sidecar(binary) as sidecar:
        sweep = [datagram for datagram, _ in pack(f"tokens:1|c|#{tag}" for tag in tags)]
        sidecar.send(sweep, 2000)
        sidecar.settle(len(tags))
        made = lines(count, tags)
        datagrams = [d for d, _ in pack(made)] if packed else [line.encode() for line in made]
        before = sidecar.cpu()
        sidecar.send(datagrams, rate)
        time.sleep(0.3)
        spent = sidecar.cpu() - before
        lost = len(tags) + count - sidecar.settle(len(tags) + count, 3)
        return {"cpu_s_per_million_lines": round(spent / count * 1e6, 3), "lines": count, "lost": int(lost)}


def stdin(binary, tags, count):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("\n".join(lines(count, tags)) + "\n")
        file.flush()
        spent = []
        for _ in range(3):
            with open(file.name) as input_file, Sidecar(binary, "--stdin", stdin=input_file) as sidecar:
                idle = 0.0
                sidecar.settle(count, 30)
                spent.append(sidecar.cpu() - idle)
        cost = statistics.median(spent)
        return {"cpu_s_per_million_lines": round(cost / count * 1e6, 3), "lines_per_cpu_s": round(count / cost),
                "lines": count, "note": "start-up and a few scrapes included"}


def memory_and_scrape(binary, count):
    with Sidecar(binary) as sidecar:
        sweep = [datagram for datagram, _ in pack(f"tokens:1|c|#{tag}" for tag in series(count))]
        sidecar.send(sweep, 2000)
        sidecar.settle(count)
        resident = sidecar.resident_mib()
        result = {"series": count, "resident_mib": round(resident, 1)}
        for name, compressed in (("plain", False), ("gzip", True)):
            sidecar.scrape(compressed)
            before, start = sidecar.cpu(), time.monotonic()
            for _ in range(5):
                body = sidecar.scrape(compressed)
            result[name] = {
                "cpu_ms": round((sidecar.cpu() - before) / 5 * 1000, 1),
                "wall_ms": round((time.monotonic() - start) / 5 * 1000, 1), "bytes": len(body)}
            if compressed:
                assert gzip.decompress(body)
        result["resident_after_scrapes_mib"] = round(sidecar.resident_mib(), 1)
        return result


def decisions(binary, count):
    body = json.dumps({"tags": {"agent": "planner", "user": "alice", "model": "gpt-4o"},
                       "tokens": {"input": 800, "output": 200}})
    with Sidecar(binary) as sidecar:
        connection = sidecar.connect("control")
        result = {}
        for name, path in (("check", "/v1/check"), ("reserve+settle", "/v1/reservations")):
            times = []
            before = sidecar.cpu()
            for _ in range(count):
                start = time.perf_counter()
                connection.request("POST", path, body)
                answer = json.loads(connection.getresponse().read())
                if name != "check":
                    connection.request("POST", f"{path}/{answer['id']}/settle", '{"tokens": {"input": 790, "output": 150}}')
                    connection.getresponse().read()
                times.append((time.perf_counter() - start) * 1e6)
            times.sort()
            result[name] = {
                "p50_us": round(times[count // 2]), "p99_us": round(times[count * 99 // 100]),
                "cpu_us": round((sidecar.cpu() - before) / count * 1e6)}
        result["note"] = "times include the Python client"
        return result


def show(name, figures, indent=""):
    plain = {key: value for key, value in figures.items() if not isinstance(value, dict)}
    print(f"{indent}{name}: " + ", ".join(f"{key} {value}" for key, value in plain.items()), flush=True)
    for key, value in figures.items():
        if isinstance(value, dict):
            show(key, value, indent + "  ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/static/release/tallygate")
    parser.add_argument("--quick", action="store_true", help="a tenth of the load: to see that everything runs")
    parser.add_argument("--output", choices=["text", "json"], default="text")
    arguments = parser.parse_args()
    scale = 0.1 if arguments.quick else 1.0
    tags = list(series(10_000))
    cases = [
        ("stdin", lambda: stdin(arguments.binary, tags, int(3e6 * scale))),
        ("udp packed, 100k lines/s", lambda: udp(arguments.binary, tags, int(1e6 * scale), True, 4545)),
        ("udp single, 30k lines/s", lambda: udp(arguments.binary, tags, int(3e5 * scale), False, 30_000)),
        ("10,000 series", lambda: memory_and_scrape(arguments.binary, 10_000)),
        ("100,000 series", lambda: memory_and_scrape(arguments.binary, int(1e5 * scale))),
        ("decisions over HTTP", lambda: decisions(arguments.binary, int(5000 * scale))),
    ]
    results = {}
    for name, measure in cases:
        results[name] = measure()
        if arguments.output == "text":
            show(name, results[name])
    if arguments.output == "json":
        print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
