#!/usr/bin/env python3
"""Attacks a sidecar from all sides at once for a while, and says what it cost: memory, and how long checks took.

    TALLYGATE=.build/static/release/tallygate scripts/attack.py --seconds 60

Half-open connections, slow heads and bodies, and huge bodies on the control listener; a million bad usage lines a
second; and usage of ever new users, up to ten million. Meanwhile an agent that was connected before goes on asking, and
another one connects anew for each check. Ends with 1 when the sidecar ended, when it had more than 64 MiB, when an attack
did not arrive, when one agent was not served, or when the 99th percentile of checks more than doubled against the same
machine with the senders of lines at work on a socket that nobody reads.

The attackers and the sidecar share the machine. `--pin` gives the sidecar the first processor, and the attackers the
others, so that what is measured is the sidecar and not who got a processor.
"""

import argparse
import json
import multiprocessing
import os
import resource
import socket
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/IntegrationTests"))

from harness.sidecar import Sidecar  # noqa: E402

# The bounds of the Kubernetes manifests, whose limit of memory is that of the verdict.
CONFIG = """
bounds: { max_series: 10_000, max_accounts: 2000 }
budgets:
  - { name: daily, per: [agent], limit: { tokens: 1_000_000_000_000 }, window: { calendar: day } }
  - { name: users, per: [user], limit: { tokens: 1_000_000 }, window: { calendar: day } }
"""
MEMORY_MIB = 64
LINES_A_SECOND = 1_000_000
BAD = b"\n".join([b"tokens:NaN|c", b"tokens:1", b"nonsense", b"tokens:-1|c", b"tokens:1|c|@7"] * 200)
BEGINNINGS = [
    b"", b"P", b"POST /v1/usage HTTP/1.1\r\nHost: t\r\n", b"POST /v1/usage HTTP/1.1\r\nHost: t\r\nX: " + b"a" * 12_000,
    b"POST /v1/usage HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n" + b"[" * 4000,
]
ATTACKS = ["connections", "bodies", "lines", "users"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=5_000)
    parser.add_argument("--users", type=int, default=10_000_000)
    parser.add_argument(
        "--attacks", type=lambda text: text.split(","), default=ATTACKS, help="some of " + ",".join(ATTACKS))
    parser.add_argument("--pin", action="store_true", help="the sidecar and the attackers on processors of their own")
    return parser.parse_args()


def hold_connections(address, count, until):
    """Keeps so many connections open that send a byte now and then; what is refused or cut is opened again."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard > count + 100, f"the attacker may open {hard} files, too few for {count} connections"
    resource.setrlimit(resource.RLIMIT_NOFILE, (count + 100, hard))
    held = []
    number = 0
    while time.monotonic() < until:
        while len(held) < count and time.monotonic() < until:
            number += 1
            connection = socket.socket()
            connection.settimeout(1)
            try:
                connection.connect(address)
                connection.setblocking(False)
                connection.send(BEGINNINGS[number % len(BEGINNINGS)])
                held.append(connection)
            except OSError:
                connection.close()
                break
            if number % 50 == 0:
                time.sleep(0.01)
        alive = []
        for connection in held:
            try:
                connection.send(b"x")
                alive.append(connection)
            except BlockingIOError:
                alive.append(connection)
            except OSError:
                connection.close()
        held = alive
        time.sleep(0.5)


def send_huge_bodies(address, until):
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    while time.monotonic() < until:
        try:
            with socket.create_connection(address, timeout=1) as connection:
                connection.sendall(b"POST /v1/usage HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
                for _ in range(64):
                    connection.sendall(chunk)
        except OSError:
            time.sleep(0.05)


def send_bad_lines(address, until):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        began = time.monotonic()
        sent = 0
        while time.monotonic() < until:
            while sent < (time.monotonic() - began) * LINES_A_SECOND:
                sender.sendto(BAD, address)
                sent += 1000
            time.sleep(0.001)


def send_users(address, users, until):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        number = 0
        while number < users and time.monotonic() < until:
            lines = "\n".join(f"tokens:1|c|#user:u{user},agent:a{user % 1000}" for user in range(number, number + 1000))
            sender.sendto(lines.encode(), address)
            number += 1000
            if number % 10_000 == 0:
                time.sleep(0.002)


def check(connection):
    """How long one check takes, in microseconds, and whether the connection ends with it."""
    body = json.dumps({"agent": "honest", "tokens": 1}).encode()
    request = b"POST /v1/check HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    began = time.perf_counter()
    connection.sendall(request)
    answer = connection.recv(65_536)
    took = (time.perf_counter() - began) * 1e6
    assert answer.startswith(b"HTTP/1.1 200"), answer
    return took, b"\r\nconnection: close" in answer


def check_times(address, until):
    """How long checks took on one connection, sorted, one each five milliseconds; and how many of the connections made
    for one check, one each quarter of a second, were served."""
    times = []
    newcomers = served = 0
    connection = socket.create_connection(address)
    while time.monotonic() < until:
        took, ends = check(connection)
        times.append(took)
        if ends:
            connection.close()
            connection = socket.create_connection(address)
        if len(times) % 50 == 0:
            newcomers += 1
            try:
                with socket.create_connection(address, timeout=2) as newcomer:
                    check(newcomer)
                    served += 1
            except (AssertionError, OSError):
                pass
        time.sleep(0.005)
    return sorted(times), newcomers, served


def percentiles(times):
    return tuple(round(times[len(times) * share // 100]) for share in (50, 99))


def start(chosen, **attacks):
    processes = [
        multiprocessing.Process(target=target, args=rest, daemon=True)
        for name, (target, *rest) in attacks.items() if name in chosen]
    for process in processes:
        process.start()
    return processes


def pin(sidecar):
    processors = sorted(os.sched_getaffinity(0))
    assert len(processors) > 1, "--pin needs two processors"
    for thread in os.listdir(f"/proc/{sidecar.process.pid}/task"):
        os.sched_setaffinity(int(thread), processors[:1])
    os.sched_setaffinity(0, processors[1:])


def main():
    chosen = arguments()
    with tempfile.TemporaryDirectory(prefix="tallygate-attack-") as directory:
        sidecar = Sidecar(Path(directory), CONFIG)
        host, port = sidecar.addresses["control"].rsplit(":", 1)
        control = (host, int(port))
        idle = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        idle.bind(("127.0.0.1", 0))
        if chosen.pin:
            pin(sidecar)
        until = time.monotonic() + min(15, chosen.seconds)
        nowhere = idle.getsockname()
        senders = start(
            chosen.attacks, lines=(send_bad_lines, nowhere, until), users=(send_users, nowhere, 1 << 60, until))
        before = percentiles(check_times(control, until)[0])
        for sender in senders:
            sender.join()
        until = time.monotonic() + chosen.seconds
        running = start(
            chosen.attacks, connections=(hold_connections, control, chosen.connections, until),
            bodies=(send_huge_bodies, control, until), lines=(send_bad_lines, sidecar.udp, until),
            users=(send_users, sidecar.udp, chosen.users, until))
        times, newcomers, served = check_times(control, until)
        during = percentiles(times)
        for attacker in running:
            attacker.join()
        resident = sidecar.peak_resident_mib()
        page = sidecar.metrics()
        print(f"check p50/p99 in µs: before {before}, during {during}")
        print(f"newcomers served: {served} of {newcomers}")
        print(f"memory at most {resident:.1f} MiB")
        for name in ["lines_total", "lines_rejected_total", "datagrams_dropped_total", "http_connections_evicted_total",
                     "http_connections_refused_total", "series"]:
            print(f"tallygate_{name} {page.quick_total('tallygate_' + name):.0f}")
        arrived = "connections" not in chosen.attacks or \
            page.quick_total("tallygate_http_connections_evicted_total") + 1024 >= chosen.connections
        holds = sidecar.alive() and resident <= MEMORY_MIB and during[1] <= 2 * before[1] and arrived \
            and served == newcomers
        sidecar.stop(within=30)
        sidecar.close()
    print("held" if holds else "did not hold")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
