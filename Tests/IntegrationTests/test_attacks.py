"""Attacks on the listeners: each is answered or cut, nothing is executed twice, and nothing grows."""

import gzip
import json
import socket
import threading
import time
from urllib.parse import quote

import pytest
from harness.waiting import eventually

CONFIG = """
budgets:
  - { name: daily, per: [agent], limit: { tokens: 1_000_000_000 }, window: { calendar: day } }
"""
USAGE = b'{"agent": "smuggled", "tokens": 1}'


def address(sidecar, listener="control"):
    host, port = sidecar.addresses[listener].rsplit(":", 1)
    return host or "127.0.0.1", int(port)


def exchange(sidecar, request, listener="control"):
    """Sends bytes and reads until the other side closes or says nothing for a while."""
    with socket.create_connection(address(sidecar, listener), timeout=2) as connection:
        connection.sendall(request)
        answer = b""
        try:
            while piece := connection.recv(65_536):
                answer += piece
        except (TimeoutError, ConnectionResetError):
            pass
        return answer


def post(headers, body):
    return b"POST /v1/usage HTTP/1.1\r\nHost: t\r\n" + headers + b"\r\n" + body


INNER = b"POST /v1/usage HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n%b" % (len(USAGE), USAGE)

# Each can be read as one request or as two, or with two lengths.
SMUGGLING = {
    "a length beside chunks": post(
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + INNER),
    "chunks beside a length": post(
        b"Transfer-Encoding: chunked\r\nContent-Length: %d\r\n" % (len(INNER) + 5), b"0\r\n\r\n" + INNER),
    "two lengths": post(b"Content-Length: 0\r\nContent-Length: %d\r\n" % len(INNER), INNER),
    "a list of lengths": post(b"Content-Length: 0, %d\r\n" % len(INNER), INNER),
    "a length with a sign": post(b"Content-Length: +0\r\n", INNER),
    "a folded field": post(b"X-A: b\r\n Content-Length: 0\r\n", INNER),
    "a folded transfer encoding": post(b"Transfer-Encoding:\r\n chunked\r\n", b"0\r\n\r\n" + INNER),
    "an encoding that is nearly chunked": post(b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n" + INNER),
    "two encodings": post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"0\r\n\r\n" + INNER),
    "a space before the colon": post(b"Content-Length : 0\r\n", INNER),
    "a bare carriage return": post(b"X-A: b\rContent-Length: 0\r\n", INNER),
    "a malformed chunk size": post(b"Transfer-Encoding: chunked\r\n", b"0x0\r\n\r\n" + INNER),
}


@pytest.mark.parametrize("name", SMUGGLING)
def test_a_request_that_can_be_read_in_two_ways_is_refused_and_ends_its_connection(start, name):
    sidecar = start(CONFIG)
    answer = exchange(sidecar, SMUGGLING[name])
    status = int(answer.split(b" ")[1])
    assert status in (400, 501), answer
    assert answer.count(b"HTTP/1.1 ") == 1, "the second reading is answered too"
    assert sidecar.total("tallygate_tokens_total") == 0


TRAVERSAL = [
    "/../../../../etc/passwd", "/metrics/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd",
    "/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/snapshot/%00/etc/passwd", "/....//....//etc/passwd", "//etc/passwd",
    "/snapshot%00.json", "/v1/budgets/..%2f..%2fetc%2fpasswd", "/v1/jobs/%2e%2e", "/\\..\\etc\\passwd",
    "http://evil/../etc/passwd", "/v1/budgets/%ff%fe",
]


@pytest.mark.parametrize("listener", ["web", "control"])
def test_no_path_leads_out(start, listener):
    sidecar = start(CONFIG)
    for target in TRAVERSAL:
        request = f"GET {target} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".encode()
        answer = exchange(sidecar, request, listener)
        assert int(answer.split(b" ")[1]) in (400, 404), (target, answer)
        assert b"root:" not in answer


def test_no_name_makes_a_line_of_its_own_in_the_log_or_on_the_page(start):
    sidecar = start(CONFIG, flags=["--log.level", "debug"])
    evil = 'x"} 1\ntallygate_forged_total{a="b"} 99\r\nts=now level=error msg=forged\x1b[31m\u2028'
    answer = sidecar.control("POST", "/v1/usage", {"agent": evil, "user": evil, "tokens": 2_000_000_000})
    assert answer.status_code == 200, answer.text
    sidecar.reserve({"agent": evil}, 1)
    sidecar.control("GET", f"/v1/budgets/{quote(evil, safe='')}")
    sidecar.send_udp(b"tokens:\nforged level=error|c", b"tokens:x|c|#a:\x1b[31m\r")
    eventually(lambda: sidecar.total("tallygate_lines_rejected_total"), lambda count: count >= 2)
    for page in sidecar.both_pages():
        assert not [sample for sample in page.samples() if sample.name.startswith("tallygate_forged")]
        assert [line for line in page.text.split("\n") if line.startswith("tallygate_forged")] == []
        assert "\r" not in page.text
    log = sidecar.stderr()
    assert "\x1b" not in log and "\r" not in log
    lines = [line for line in log.split("\n") if line]
    assert lines and all(line.startswith("ts=") for line in lines), lines



def test_a_header_of_an_answer_cannot_be_split(start):
    sidecar = start(CONFIG)
    answer = exchange(
        sidecar, b"GET /v1/budgets/a%0d%0aSet-Cookie:%20x=1%0d%0a HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
    assert b"\r\nSet-Cookie" not in answer and b"400" in answer.split(b"\r\n")[0]


def test_a_decompression_bomb_is_not_unpacked(start):
    sidecar = start(CONFIG)
    sidecar.check({"agent": "a"}, 1)
    before = sidecar.resident_mib()
    bomb = gzip.compress(b" " * (256 << 20), 9)
    assert len(bomb) < 1 << 20
    for content_type in ["application/json", "text/plain"]:
        headers = {"Content-Encoding": "gzip", "Content-Type": content_type}
        answer = sidecar.control("POST", "/v1/usage", data=bomb, headers=headers)
        assert answer.status_code == 415, answer.text
    assert sidecar.resident_mib() - before < 8
    deep = b"[" * 500_000
    assert sidecar.control("POST", "/v1/usage", data=deep).status_code == 400


def check_times(sidecar, count):
    """How long checks took, in seconds, sorted."""
    body = json.dumps({"agent": "a", "tokens": 1}).encode()
    request = b"POST /v1/check HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    times = []
    with socket.create_connection(address(sidecar), timeout=5) as connection:
        for _ in range(count):
            began = time.perf_counter()
            connection.sendall(request)
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
            times.append(time.perf_counter() - began)
    return sorted(times)


def test_half_open_connections_slow_heads_and_bodies_hold_up_nobody(start):
    sidecar = start(CONFIG)
    check_times(sidecar, 50)
    before = sidecar.resident_mib()
    held = []
    beginnings = [
        b"", b"G", b"POST /v1/usage HTTP/1.1\r\nHost: t\r\n", b"POST /v1/usage HTTP/1.1\r\nHost: t\r\nX: " + b"a" * 8000,
        b"POST /v1/usage HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n" + b"[" * 4000,
        b"POST /v1/usage HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n",
    ]
    try:
        for number in range(600):
            connection = socket.create_connection(address(sidecar), timeout=5)
            connection.sendall(beginnings[number % len(beginnings)])
            held.append(connection)
        times = check_times(sidecar, 300)
        assert times[len(times) * 99 // 100] < 0.1
        assert sidecar.resident_mib() - before < 24
        assert sidecar.total("tallygate_http_connections", listener="control") >= 600
    finally:
        for connection in held:
            connection.close()
    eventually(lambda: sidecar.total("tallygate_http_connections", listener="control"), 0, 10)


def test_connections_that_ask_nothing_give_way_and_who_goes_on_asking_keeps_its_own(start):
    sidecar = start(CONFIG)
    request = b"GET /-/healthy HTTP/1.1\r\nHost: t\r\n\r\n"
    held = [socket.create_connection(address(sidecar), timeout=5) for _ in range(1024)]
    steady = held[512]
    try:
        eventually(lambda: sidecar.total("tallygate_http_connections", listener="control"), 1024)
        for _ in range(1500):
            steady.sendall(request)
            assert b" 200 " in steady.recv(4096).split(b"\r\n")[0]
            with socket.create_connection(address(sidecar), timeout=5) as newcomer:
                newcomer.sendall(request)
                assert b" 200 " in newcomer.recv(4096).split(b"\r\n")[0]
            held.append(socket.create_connection(address(sidecar), timeout=5))
        assert sidecar.total("tallygate_http_connections", listener="control") <= 1024
        assert sidecar.total("tallygate_http_connections_evicted_total", listener="control") >= 1500
        assert sidecar.total("tallygate_http_connections_refused_total", listener="control") == 0
        # Scrapes come on another listener.
        assert sidecar.metrics()
    finally:
        for connection in held:
            connection.close()


def test_huge_bodies_are_refused_before_they_are_in_memory(start):
    sidecar = start(CONFIG)
    sidecar.check({"agent": "a"}, 1)
    before = sidecar.resident_mib()
    statuses = []

    def send():
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        with socket.create_connection(address(sidecar), timeout=5) as connection:
            try:
                connection.sendall(b"POST /v1/usage HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
                for _ in range(200):
                    connection.sendall(chunk)
            except (BrokenPipeError, ConnectionResetError, TimeoutError):
                pass
            try:
                statuses.append(int(connection.recv(4096).split(b" ")[1]))
            except (ConnectionResetError, TimeoutError, IndexError):
                statuses.append(0)

    senders = [threading.Thread(target=send) for _ in range(20)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    # 503: together they take more room than there is for bodies.
    assert 413 in statuses and set(statuses) <= {0, 413, 503}
    assert sidecar.resident_mib() - before < 32
    declared = exchange(sidecar, b"POST /v1/usage HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999\r\n\r\n")
    assert b" 413 " in declared.split(b"\r\n")[0]
