"""`GET /v1/events`: what happens to budgets and pools, told once, at once, and not lost by who comes back."""

import signal
import threading
import time

from harness.events import EventStream
from harness.waiting import eventually

CONFIG = """
budgets:
  - name: daily
    per: [agent]
    limit: { tokens: 1000 }
    window: { calendar: day }
  - name: quick
    limit: { requests: 10 }
    window: { fixed: 2s }
pools:
  - name: context
    tokens: 1000
"""

PROMPT = 0.1


def kinds(events):
    return [event.kind for event in events]


def test_a4_a17_lines_that_cross_a_limit_are_told_once_for_each_crossing(start):
    sidecar = start(CONFIG)
    with EventStream(sidecar) as stream:
        assert stream.response.headers["content-type"] == "text/event-stream"
        assert stream.response.headers["cache-control"] == "no-store"
        assert stream.retry == "2000"
        sidecar.send_udp("tokens:799|c|#agent:a")
        sidecar.expect_total("tallygate_tokens_total", 799)
        sidecar.send_udp("tokens:1|c|#agent:a")
        warned = stream.next()
        assert warned.kind == "warn"
        sidecar.send_udp("tokens:200|c|#agent:a")
        assert stream.next().kind == "exhausted"
        # A hundred lines in ten datagrams go past the limit, one of them across it.
        sidecar.send_udp(*["\n".join(["tokens:1|c|#agent:a"] * 10)] * 10)
        exceeded = stream.next()
        assert exceeded.kind == "exceeded"
        assert exceeded.id == warned.id + 2
        sidecar.expect_total("tallygate_tokens_total", 1100)
        # Another agent is another account: what comes next is its own.
        sidecar.send_udp("\n".join(["tokens:400|c|#agent:b"] * 4))
        events = stream.take(3)
        assert kinds(events) == ["warn", "exhausted", "exceeded"]
        assert {event.data["tags"]["agent"] for event in events} == {"b"}
    for kind in ("warn", "exhausted", "exceeded"):
        assert sidecar.total("tallygate_budget_events_total", budget="daily", event=kind) == 2
    assert sidecar.total("tallygate_events_sent_total") == 6
    assert sidecar.total("tallygate_events_missed_total") == 0


def test_a4_an_event_arrives_a_moment_after_the_line_or_the_request_that_caused_it(start):
    sidecar = start(CONFIG)
    delays = {"line": [], "request": []}
    with EventStream(sidecar, "?kind=warn") as stream:
        for turn in range(9):
            for way, waits in delays.items():
                sent = time.monotonic()
                if way == "line":
                    sidecar.send_udp(f"tokens:800|c|#agent:line-{turn}")
                else:
                    sidecar.control("POST", "/v1/usage", {"tags": {"agent": f"request-{turn}"}, "tokens": 800})
                waits.append(stream.next().arrived - sent)
    # The median: a machine with other things to do may be late once.
    assert sorted(delays["line"])[4] < PROMPT, delays
    assert sorted(delays["request"])[4] < PROMPT, delays


def test_d9_d11_an_event_says_which_account_and_how_full_it_is(start):
    sidecar = start(CONFIG)
    with EventStream(sidecar, "?budget=daily&kind=warn,exceeded") as stream:
        sidecar.control("POST", "/v1/usage", {"tags": {"agent": "a"}, "tokens": 1250})
        warned, exceeded = stream.take(2)
    assert kinds([warned, exceeded]) == ["warn", "exceeded"]
    time_of = exceeded.data.pop("time")
    assert exceeded.data == {
        "kind": "exceeded", "budget": "daily", "unit": "tokens", "tags": {"agent": "a"}, "used": 1250, "limit": 1000,
        "used_ratio": 1.25,
    }
    assert time_of.endswith("Z")


def test_who_comes_back_hears_what_happened_meanwhile(start):
    sidecar = start(CONFIG)
    with EventStream(sidecar) as stream:
        sidecar.send_udp("tokens:800|c|#agent:a")
        assert stream.next().kind == "warn"
        seen = stream.last_event_id
    sidecar.send_udp("tokens:201|c|#agent:a")
    sidecar.expect_total("tallygate_budget_events_total", 1, budget="daily", event="exceeded")
    for stream in (
        EventStream(sidecar, last_event_id=seen), EventStream(sidecar, f"?last_event_id={seen}"),
    ):
        with stream:
            events = stream.take(2)
            assert kinds(events) == ["exhausted", "exceeded"]
            assert [event.id for event in events] == [seen + 1, seen + 2]


def test_a_burst_larger_than_what_is_kept_is_told_or_said_to_be_lost(start):
    sidecar = start(CONFIG)
    agents = 1500
    with EventStream(sidecar, "?last_event_id=") as stream:
        lines = "\n".join(f"tokens:1001|c|#agent:a{number}" for number in range(agents))
        response = sidecar.control("POST", "/v1/usage", data=lines, headers={"content-type": "text/plain"})
        assert response.status_code == 200, response.text
        sidecar.send_udp("tokens:1001|c|#agent:last")
        told = lost = 0
        while True:
            event = stream.next()
            if event.kind == "lost":
                lost += event.data["count"]
                continue
            told += 1
            if event.kind == "exceeded" and event.data["tags"] == {"agent": "last"}:
                break
    page = sidecar.metrics()
    assert told + lost + page.quick_total("tallygate_events_lost_total") == 3 * (agents + 1)
    assert page.quick_total("tallygate_events_sent_total") == told
    assert page.quick_total("tallygate_events_missed_total") == lost > 0


def test_after_a_restart_ids_are_larger_and_what_was_lost_is_said(start):
    first = start(CONFIG)
    with EventStream(first) as stream:
        first.send_udp("tokens:800|c|#agent:a")
        seen = stream.next().id
    first.stop()
    second = start(CONFIG)
    with EventStream(second, last_event_id=seen) as stream:
        lost = stream.next()
        assert lost.kind == "lost" and lost.data["count"] is None
        second.send_udp("tokens:200|c|#agent:a")
        exhausted = stream.next()
        assert exhausted.kind == "exhausted" and exhausted.id > seen


def test_a17_the_turn_of_the_window_resumes(start):
    sidecar = start(CONFIG)
    with EventStream(sidecar, "?budget=quick") as stream:
        # Not across a boundary: the window has to turn after the crossing, not within it.
        time.sleep(2.05 - time.time() % 2)
        crossed = time.monotonic()
        sidecar.send_udp("requests:11|c")
        assert kinds(stream.take(4)) == ["warn", "exhausted", "exceeded", "resume"]
        assert time.monotonic() - crossed < 2 + 1 + 1, "told within a second of the turn, without anybody asking"


def test_a17_pools_tell_their_signals(start):
    sidecar = start(CONFIG)
    allocation = sidecar.control("POST", "/v1/allocations", {"pool": "context", "agent": "scout"}).json()
    with EventStream(sidecar, "?budget=context") as stream:
        used = {"tokens": allocation["granted"]}
        sidecar.control("POST", f"/v1/allocations/{allocation['id']}/usage", used)
        events = stream.take(2)
    assert kinds(events) == ["warn", "stop"]
    assert [event.data["signal"] for event in events] == ["warn", "stop"]
    assert events[1].data["tags"]["agent"] == "scout"
    assert allocation["id"] not in str(events), "who reads events cannot use the allocation"


def test_the_kill_switch_is_told(start, tmp_path):
    token = tmp_path / "operator.token"
    token.write_text("a-token-for-tests-only\n")
    token.chmod(0o600)
    sidecar = start(CONFIG, flags=["--control.operator-token-file", token])
    operator = {"headers": {"authorization": "Bearer a-token-for-tests-only"}}
    with EventStream(sidecar, "?kind=stop,resume") as stream:
        sidecar.control("POST", "/v1/subjects/agent/scout/stop", {"reason": "it loops"}, **operator)
        sidecar.control("POST", "/v1/subjects/agent/scout/resume", **operator)
        events = stream.take(2)
    assert kinds(events) == ["stop", "resume"]
    assert [event.data["subject"] for event in events] == [{"agent": "scout"}] * 2
    assert events[0].data["reason"] == "it loops"


def test_a_stream_outlives_a_reload_and_new_budgets_can_be_asked_for(start):
    sidecar = start(CONFIG)
    with EventStream(sidecar) as stream:
        later = CONFIG.replace("pools:", "  - { name: later, limit: { tokens: 10 }, window: { calendar: day } }\npools:")
        (sidecar.directory / "tallygate.yaml").write_text(later)
        sidecar.process.send_signal(signal.SIGHUP)
        eventually(lambda: sidecar.control("GET", "/v1/budgets/later").status_code, 200)
        with EventStream(sidecar, "?budget=later&kind=exceeded") as narrow:
            sidecar.send_udp("tokens:11|c|#agent:a")
            assert narrow.next().data["budget"] == "later"
        assert kinds(stream.take(3)) == ["warn", "exhausted", "exceeded"]


def test_the_end_of_the_sidecar_ends_the_stream_and_is_not_held_up_by_it(start):
    sidecar = start(CONFIG)
    streams = [EventStream(sidecar) for _ in range(10)]
    assert sidecar.total("tallygate_event_subscribers") == 10
    ends = []
    readers = [threading.Thread(target=lambda stream=stream: ends.append(stream.next())) for stream in streams]
    for reader in readers:
        reader.start()
    sidecar.stop()
    for reader in readers:
        reader.join(5)
    assert ends == [None] * 10
    for stream in streams:
        stream.close()
