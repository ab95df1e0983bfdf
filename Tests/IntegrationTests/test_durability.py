"""`Durability: strict`: an answer that says that the disk has what it acknowledges, or an error that says it has not."""

import time

import pytest
from harness.small_disk import HangingDisk, SmallDisk
from harness.waiting import eventually

CONFIG = """
budgets:
  - { name: spend, per: [agent], limit: { tokens: 1_000_000 }, window: { calendar: month } }
"""
STRICT = {"Durability": "strict"}
USE = {"tags": {"agent": "a"}, "tokens": {"input": 7}}
# The sidecar's own limit is two seconds.
SAID_WITHIN = 3.0


@pytest.fixture
def hanging(tmp_path):
    disk = HangingDisk(tmp_path / "hanging")
    yield disk
    disk.unmount()


@pytest.fixture
def full(tmp_path):
    disk = SmallDisk(tmp_path / "full")
    yield disk
    disk.unmount()


def strictly(sidecar, method, path, body=None, **options):
    return sidecar.control(method, path, body, headers=STRICT | options.pop("headers", {}), **options)


@pytest.mark.parametrize("policy", ["always", "interval", "never"])
def test_every_act_can_wait_for_the_disk_whatever_the_policy(start, policy):
    sidecar = start(CONFIG, flags=["--state.fsync", policy])
    held = strictly(sidecar, "POST", "/v1/reservations", USE)
    assert (held.status_code, held.headers["durability"]) == (201, "strict")
    other = sidecar.reserve({"agent": "a"}, {"input": 1})
    assert other.status_code == 201 and "durability" not in other.headers
    answers = [
        strictly(sidecar, "POST", f"/v1/reservations/{held.json()['id']}/settle"),
        strictly(sidecar, "DELETE", f"/v1/reservations/{other.json()['id']}"),
        strictly(sidecar, "POST", "/v1/usage", [USE, USE]),
        strictly(sidecar, "POST", "/v1/usage", headers={"Content-Type": "text/plain"}, data="tokens:5|c|#agent:a"),
    ]
    for answer in answers:
        assert (answer.status_code, answer.headers.get("durability")) == (200, "strict"), answer.text
    assert sidecar.total("tallygate_journal_syncs_total") >= 1
    # A question acknowledges nothing.
    assert "durability" not in strictly(sidecar, "POST", "/v1/check", USE).headers
    sidecar.kill()
    assert start(CONFIG).account("spend", agent="a")["used"] == 7 + 2 * 7 + 5


def test_without_a_state_directory_nothing_is_promised_and_nothing_done(start):
    sidecar = start(CONFIG, flags=["--state.dir", ""])
    refused = strictly(sidecar, "POST", "/v1/usage", USE)
    assert (refused.status_code, refused.json()["applied"]) == (503, False)
    assert "--state.dir" in refused.json()["detail"]
    assert sidecar.control("POST", "/v1/usage", USE).status_code == 200
    assert sidecar.account("spend", agent="a")["used"] == 7


def test_a_disk_that_hangs_is_said_in_time_and_everything_else_goes_on(start, hanging):
    sidecar = start(CONFIG, flags=["--state.dir", str(hanging.path / "state"), "--state.snapshot-interval", "1s"])
    eventually(lambda: sidecar.total("tallygate_snapshots_total"), lambda count: count >= 1)
    hanging.freeze()
    try:
        started = time.monotonic()
        late = strictly(sidecar, "POST", "/v1/reservations", USE)
        assert time.monotonic() - started < SAID_WITHIN
        assert late.status_code == 503 and late.json()["type"].endswith("/not-durable"), late.text
        assert late.json()["applied"] is True
        # The hold is there, and its id was not lost.
        identifier = late.json()["answer"]["id"]
        assert sidecar.account("spend", agent="a")["reserved"] == 7
        refused = strictly(sidecar, "POST", "/v1/usage", USE)
        assert (refused.status_code, refused.json()["applied"]) == (503, False), refused.text
        assert sidecar.account("spend", agent="a")["used"] == 0

        # Housekeeping waits for no disk, though a snapshot does: a hold expires, is charged, and that is told.
        assert sidecar.reserve({"agent": "b"}, {"input": 900_000}, ttl="1s").status_code == 201
        eventually(sidecar.stderr, lambda log: "Budget warn" in log, because="while the disk hangs")
    finally:
        hanging.thaw()
    eventually(
        lambda: strictly(sidecar, "POST", f"/v1/reservations/{identifier}/settle").status_code, 200,
        because="when the disk works again")
    sidecar.kill()
    again = start(CONFIG, flags=["--state.dir", str(hanging.path / "state")])
    assert again.account("spend", agent="a")["used"] == 7


def test_a_failing_journal_and_its_recovery_are_logged_once(start, full):
    sidecar = start(CONFIG, flags=["--state.dir", str(full.path / "state")], unixgram=True)
    eventually(lambda: sidecar.total("tallygate_snapshots_total"), lambda count: count >= 1)
    full.fill()
    sidecar.send_unixgram(["\n".join(["tokens:1|c|#agent:lines"] * 100) for _ in range(20)])
    eventually(sidecar.stderr, lambda log: "The journal cannot be written" in log, because="in the log")
    refused = strictly(sidecar, "POST", "/v1/usage", USE)
    assert (refused.status_code, refused.json()["applied"]) == (503, False)
    time.sleep(2.5)
    assert sidecar.stderr().count("The journal cannot be written") == 1
    assert sidecar.stderr().count("The snapshot could not be written") == 1
    full.free()
    eventually(sidecar.stderr, lambda log: "The journal is written again" in log, because="in the log")
    eventually(sidecar.stderr, lambda log: "The state is kept again" in log, because="in the log")
    assert sidecar.total("tallygate_journal_failures_total") >= 1
    assert strictly(sidecar, "POST", "/v1/usage", USE).status_code == 200
