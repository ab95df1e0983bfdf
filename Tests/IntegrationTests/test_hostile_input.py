"""Input that breaks other daemons, and input that is only noise: nothing ends the sidecar, and all of it is counted."""

import math
import signal

import pytest
from harness.waiting import eventually

# Each datagram, the tokens it is worth, and the lines of it that have to be refused (None: a name that is not ours,
# which may be refused or exported, but may not do harm).
HOSTILE = {
    "a reserved label": (["q:1|h|#quantile:5", "tokens:1|c|#quantile:5"], 1, None),
    "a label that names the metric": (["x:1|c|#__name__:z", "tokens:1|c|#__name__:z"], 1, None),
    "a metric of the sidecar's own": (["tallygate_tokens_total:1|c", "tallygate_lines_total:1|g"], 0, None),
    "not a number": (["poison:NaN|c", "tokens:NaN|c", "tokens:inf|c", "tokens:1e400|c", "tokens:0x1p4|c"], 0, 5),
    "a tiny sample rate": (["x:1|ms|@0.0000001", "duration:1|ms|@0.0000001"], 0, None),
    "a sample rate above one": (["tokens:1|c|@2", "tokens:1|c|@0", "tokens:1|c|@-1", "tokens:1|c|@nan"], 0, 4),
    "a sample rate with a remainder": (["tokens:3|c|@0.3"], 10, 0),
    "two types under one name": (["t:1|c", "t:1|g"], 0, None),
    "packed values and newer fields": (["tokens:1:2:3|c|e:it-false,cn-app|card:low|c:ci-abc|#agent:a"], 6, 0),
}

MORE = {
    "a number past every integer": ([f"tokens:{'9' * 400}|c"], 0, 1),
    "the largest integer twice": (["tokens:9223372036854775807|c|#agent:max"] * 2, None, None),
    "a negative count": (["tokens:-5|c"], 0, 1),
    "no name": ([":1|c"], 0, 1),
    "no type": (["tokens:1"], 0, 1),
    "only separators": (["|||###:::,,,@@@"], 0, 1),
    "an event and a check": (["_e{5,4}:title|text|#a:b", "_sc|disk|0|h:host"], 0, None),
    "bytes of every value": ([bytes(range(256)).replace(b"\n", b"")], 0, None),
    "the largest datagram": (["tokens:1|c|#agent:" + "a" * 60_000], None, None),
}


@pytest.mark.parametrize("name", [*HOSTILE, *MORE])
def test_a_hostile_datagram_does_no_harm(start, name):
    lines, tokens, refused = (HOSTILE | MORE)[name]
    sidecar = start()
    sidecar.send_udp("tokens:1|c|#agent:before")
    sidecar.expect_total("tallygate_lines_total", 1)
    before = sidecar.resident_mib()

    sidecar.send_udp(*lines, "tokens:1|c|#agent:after")
    sidecar.expect_total("tallygate_tokens_total", 1, agent="after")

    assert sidecar.resident_mib() - before < 8
    for page in sidecar.both_pages():
        assert not [sample for sample in page.samples() if math.isnan(sample.value)]
        assert "__name__" not in page.text
    if tokens is not None:
        assert sidecar.total("tallygate_tokens_total") == 2 + tokens
    if refused is not None:
        assert sidecar.total("tallygate_lines_rejected_total") == refused


def test_the_rest_of_a_bad_datagram_still_counts(start):
    sidecar = start()
    for lines, _, _ in HOSTILE.values():
        sidecar.send_udp("\n".join([*lines, "tokens:1|c|#agent:after"]))
    sidecar.expect_total("tallygate_tokens_total", len(HOSTILE), agent="after")
    wanted = len(HOSTILE) + sum(tokens for _, tokens, _ in HOSTILE.values())
    assert sidecar.total("tallygate_tokens_total") == wanted


def test_a_million_bad_lines_are_counted_said_rarely_and_cost_no_memory(start):
    sidecar = start(unixgram=True)
    a_datagram = b"\n".join(
        [b"tokens:NaN|c", b"tokens:1", b"nonsense", b"tokens:-1|c", b"tokens:1|c|@7"] * 200
    )
    lines_each, datagrams = 1000, 1000

    sidecar.send_unixgram([a_datagram] * 10)
    sidecar.expect_total("tallygate_lines_rejected_total", 10 * lines_each)
    before = sidecar.resident_mib()

    sidecar.send_unixgram([a_datagram] * (datagrams - 10))
    sidecar.expect_total("tallygate_lines_rejected_total", datagrams * lines_each, seconds=30)
    assert sidecar.total("tallygate_lines_total") == datagrams * lines_each
    assert sidecar.total("tallygate_tokens_total") == 0
    assert sidecar.resident_mib() - before < 4
    # At most one a reason every ten seconds, and what a start says.
    assert len(sidecar.stderr().splitlines()) < 60

    sidecar.send_unixgram([b"tokens:5|c"])
    sidecar.expect_total("tallygate_tokens_total", 5)


def dropped_by_the_kernel(port):
    """The drop counter of the UDP socket bound to this port, as `/proc/net/udp` shows it."""
    with open("/proc/net/udp", encoding="ascii") as table:
        for row in table.readlines()[1:]:
            fields = row.split()
            if int(fields[1].split(":")[1], 16) == port:
                return int(fields[-1])
    raise AssertionError(f"no socket bound to UDP port {port}")


def test_what_the_kernel_drops_is_exported_exactly(start):
    sidecar = start()
    _, port = sidecar.udp
    sidecar.process.send_signal(signal.SIGSTOP)
    sent = 0
    # More than any receive buffer holds, while nobody reads.
    while dropped_by_the_kernel(port) < 100 and sent < 200_000:
        sidecar.send_udp(*["tokens:1|c|#agent:flood"] * 1000)
        sent += 1000
    sidecar.process.send_signal(signal.SIGCONT)

    dropped = dropped_by_the_kernel(port)
    assert dropped >= 100
    eventually(lambda: sidecar.total("tallygate_datagrams_dropped_total"), dropped, 15)
    sidecar.expect_total("tallygate_tokens_total", sent - dropped, agent="flood")
