#!/usr/bin/env python3
"""Attacks a sidecar from all sides at once for a while, and says what it cost: memory, and how long checks took.

    TALLYGATE=.build/static/release/tallygate scripts/attack.py --seconds 60

Half-open connections, slow heads and bodies, and huge bodies on the control listener; bad usage lines as fast as one
process sends them; and usage of ever new users, up to ten million. Meanwhile an agent that was connected before goes on
asking. Ends with 1 when the sidecar ended, when it had more than 64 MiB, or when the 99th percentile of checks more than
doubled against the same machine with the senders of lines at work on a socket that nobody reads.
"""

import argparse
import json
import multiprocessing
import resource
import socket
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/IntegrationTests"))

from harness.sidecar import Sidecar  # noqa: E402

CONFIG = """
budgets:
  - { name: daily, per: [agent], limit: { tokens: 1_000_000_000_000 }, window: { calendar: day } }
  - { name: users, per: [user], limit: { tokens: 1_000_000 }, window: { calendar: day } }
"""
MEMORY_MIB = 64
BAD = b"\n".join([b"tokens:NaN|c", b"tokens:1", b"nonsense", b"tokens:-1|c", b"tokens:1|c|@7"] * 200)
BEGINNINGS = [
    b"", b"P", b"POST /v1/usage HTTP/1.1\r\nHost: t\r\n", b"POST /v1/usage HTTP/1.1\r\nHost: t\r\nX: " + b"a" * 12_000,
    b"POST /v1/usage HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n" + b"[" * 4000,
]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=5_000)
    parser.add_argument("--users", type=int, default=10_000_000)
    return parser.parse_args()


def hold_connections(address, count, until):
    """Keeps so many connections open that send a byte now and then; what is refused or cut is opened again."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count + 100), hard))
    held = []
    number = 0
    while time.monotonic() < until:
        while len(held) < count and time.monotonic() < until:
            number += 1
            try:
                connection = socket.create_connection(address, timeout=1)
                connection.setblocking(False)
                connection.send(BEGINNINGS[number % len(BEGINNINGS)])
                held.append(connection)
            except OSError:
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
        while time.monotonic() < until:
            for _ in range(20):
                sender.sendto(BAD, address)
            time.sleep(0.005)


def send_users(address, users, until):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        number = 0
        while number < users and time.monotonic() < until:
            lines = "\n".join(f"tokens:1|c|#user:u{user},agent:a{user % 1000}" for user in range(number, number + 1000))
            sender.sendto(lines.encode(), address)
            number += 1000
            if number % 10_000 == 0:
                time.sleep(0.002)


def check_times(connection, until):
    """How long checks took in microseconds, sorted; one each five milliseconds."""
    body = json.dumps({"agent": "honest", "tokens": 1}).encode()
    request = b"POST /v1/check HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    times = []
    while time.monotonic() < until:
        began = time.perf_counter()
        connection.sendall(request)
        answer = connection.recv(65_536)
        times.append((time.perf_counter() - began) * 1e6)
        assert answer.startswith(b"HTTP/1.1 200"), answer
        time.sleep(0.005)
    return sorted(times)


def percentiles(times):
    return tuple(round(times[len(times) * share // 100]) for share in (50, 99))


def start(targets):
    processes = [multiprocessing.Process(target=target, args=rest, daemon=True) for target, *rest in targets]
    for process in processes:
        process.start()
    return processes


def main():
    chosen = arguments()
    with tempfile.TemporaryDirectory(prefix="tallygate-attack-") as directory:
        sidecar = Sidecar(Path(directory), CONFIG)
        host, port = sidecar.addresses["control"].rsplit(":", 1)
        control = (host, int(port))
        idle = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        idle.bind(("127.0.0.1", 0))
        with socket.create_connection(control) as connection:
            until = time.monotonic() + min(15, chosen.seconds)
            senders = start([(send_bad_lines, idle.getsockname(), until), (send_users, idle.getsockname(), 1 << 60, until)])
            before = percentiles(check_times(connection, until))
            for sender in senders:
                sender.join()
            until = time.monotonic() + chosen.seconds
            attackers = start([
                (hold_connections, control, chosen.connections, until), (send_huge_bodies, control, until),
                (send_bad_lines, sidecar.udp, until), (send_users, sidecar.udp, chosen.users, until),
            ])
            during = percentiles(check_times(connection, until))
        for attacker in attackers:
            attacker.join()
        resident = sidecar.peak_resident_mib()
        page = sidecar.metrics()
        print(f"check p50/p99 in µs: before {before}, during {during}")
        print(f"memory at most {resident:.1f} MiB")
        for name in ["tallygate_lines_total", "tallygate_lines_rejected_total", "tallygate_datagrams_dropped_total",
                     "tallygate_http_connections_refused_total", "tallygate_series"]:
            print(f"{name} {page.quick_total(name):.0f}")
        holds = sidecar.alive() and resident <= MEMORY_MIB and during[1] <= 2 * before[1]
        sidecar.stop()
        sidecar.close()
    print("held" if holds else "did not hold")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
