"""Real statsd clients work unchanged, and every line of theirs counts."""

import asyncio

import aiodogstatsd
import pytest
from datadog.dogstatsd.base import DogStatsd
from statsd import StatsClient

CALLS = 500
AGENTS = ("planner", "researcher")


def test_a_plain_statsd_client_counts_without_tags(start):
    sidecar = start()
    host, port = sidecar.udp
    client = StatsClient(host, port)
    with client.pipeline() as pipeline:
        for call in range(CALLS):
            pipeline.incr("tokens", call)
            pipeline.incr("requests")
            pipeline.timing("duration", 320.5)
    sidecar.expect_total("tallygate_tokens_total", sum(range(CALLS)))
    sidecar.expect_total("tallygate_requests_total", CALLS)
    sidecar.expect_total("tallygate_lines_total", 3 * CALLS)
    assert sidecar.total("tallygate_lines_rejected_total") == 0


def dogstatsd_calls(client):
    """What an instrumented agent sends: tokens of two kinds, a call, its latency."""
    for call in range(CALLS):
        tags = [f"agent:{AGENTS[call % 2]}", "user:alice", "model:gpt-4o"]
        client.increment("tokens", 800, tags=tags + ["token_type:input"])
        client.increment("tokens", 200, tags=tags + ["kind:output"])
        client.increment("requests", tags=tags)
        client.distribution("duration", 320.5, tags=tags)
    client.flush()


def expect_dogstatsd_totals(sidecar):
    for agent in AGENTS:
        half = CALLS / 2
        sidecar.expect_total("tallygate_tokens_total", 800 * half, agent=agent, token_type="input")
        sidecar.expect_total("tallygate_tokens_total", 200 * half, agent=agent, token_type="output")
        sidecar.expect_total("tallygate_requests_total", half, agent=agent, user="alice", model="gpt-4o")
    assert sidecar.total("tallygate_lines_rejected_total") == 0
    assert sidecar.total("tallygate_datagrams_dropped_total") == 0


@pytest.mark.parametrize("buffered", [False, True], ids=["a line a datagram", "packed datagrams"])
def test_dogstatsd_counts_with_tags_over_udp(start, buffered):
    sidecar = start()
    host, port = sidecar.udp
    client = DogStatsd(host, port, disable_buffering=not buffered)
    dogstatsd_calls(client)
    expect_dogstatsd_totals(sidecar)
    client.stop()
    client.close_socket()


def test_dogstatsd_counts_with_tags_over_a_unix_socket(start):
    sidecar = start(unixgram=True)
    client = DogStatsd(socket_path=sidecar.unixgram, socket_timeout=5)
    dogstatsd_calls(client)
    expect_dogstatsd_totals(sidecar)
    client.stop()
    client.close_socket()


def test_an_asyncio_client_counts(start):
    sidecar = start()
    host, port = sidecar.udp

    async def send():
        async with aiodogstatsd.Client(host=host, port=port) as client:
            for call in range(CALLS):
                client.increment("tokens", value=call, tags={"agent": "planner", "kind": "output"})
                client.timing("duration", value=12.5, tags={"agent": "planner"})

    asyncio.run(send())
    sidecar.expect_total("tallygate_tokens_total", sum(range(CALLS)), agent="planner", token_type="output")
    sidecar.expect_total("tallygate_lines_total", 2 * CALLS)
    assert sidecar.total("tallygate_lines_rejected_total") == 0
