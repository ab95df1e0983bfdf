"""Disks that are full or read-only: decisions go on, the loss is said, and afterwards everything is kept again."""

import threading
import time

import pytest
import requests
from harness.small_disk import HangingDisk, SmallDisk
from harness.waiting import eventually

LIMIT = 1_000_000
CONFIG = f"""
budgets:
  - {{ name: spend, per: [agent], limit: {{ tokens: {LIMIT} }}, window: {{ calendar: month }} }}
"""
# An answer normally takes under a millisecond; on a busy machine it must not take as long as a disk's timeout.
QUICK = 0.5
SAID_WITHIN = 2.0
DURABLE_WITHIN = 5.0


@pytest.fixture
def disk(tmp_path):
    disk = SmallDisk(tmp_path / "disk")
    yield disk
    disk.unmount()


@pytest.fixture
def hanging(tmp_path):
    disk = HangingDisk(tmp_path / "hanging")
    yield disk
    disk.unmount()


class Agent:
    """Counts what was answered, and how long the slowest answer took."""

    def __init__(self, sidecar):
        self.sidecar = sidecar
        self.used = 0
        self.held = {}
        self.calls = 0
        self.slowest = 0.0

    def timed(self, call):
        started = time.monotonic()
        answer = call()
        self.slowest = max(self.slowest, time.monotonic() - started)
        return answer

    def use(self, tokens=7):
        self.calls += 1
        body = {"tags": {"agent": "a"}, "tokens": {"input": tokens}, "id": f"call-{self.calls}"}
        answer = self.timed(lambda: self.sidecar.control("POST", "/v1/usage", body))
        assert answer.status_code == 200 and answer.json()["counted"] == 1, answer.text
        self.used += tokens

    def hold(self, tokens=11):
        answer = self.timed(lambda: self.sidecar.reserve({"agent": "a"}, {"input": tokens}))
        assert answer.status_code == 201, answer.text
        self.held[answer.json()["id"]] = tokens

    def settle_one(self):
        identifier, tokens = self.held.popitem()
        answer = self.timed(lambda: self.sidecar.settle(identifier, {"input": tokens}))
        assert answer.status_code == 200, answer.text
        self.used += tokens

    def work(self, times):
        for _ in range(times):
            self.use()
            self.hold()
            self.hold()
            self.settle_one()

    def check(self):
        """Every decision is as exact as on a good disk."""
        left = LIMIT - self.used - sum(self.held.values())
        assert self.sidecar.check({"agent": "a"}, {"input": left}).status_code == 200
        assert self.sidecar.check({"agent": "a"}, {"input": left + 1}).status_code == 429

    def compare(self, sidecar):
        account = sidecar.account("spend", agent="a")
        assert (account["used"], account["reserved"]) == (self.used, sum(self.held.values()))
        assert sidecar.total("tallygate_tokens_total", agent="a") == self.used


def durable(sidecar):
    return sidecar.total("tallygate_state_durable")


def begin(start, disk):
    """A sidecar whose state is on that disk; the flag overrides the harness' own directory."""
    return start(CONFIG, flags=["--state.dir", str(disk.path / "state")], unixgram=True)


def test_a_full_disk_changes_no_decision_is_said_and_is_made_up_for(start, disk):
    sidecar = begin(start, disk)
    agent = Agent(sidecar)
    agent.work(5)
    eventually(lambda: durable(sidecar), 1)

    disk.fill()
    full = time.monotonic()
    agent.work(20)
    # What is already allotted to the journal's last page still fits; more does not.
    sidecar.send_unixgram(["\n".join(["tokens:1|c|#agent:lines"] * 100) for _ in range(10)])
    eventually(lambda: durable(sidecar), 0, SAID_WITHIN, because="on a full disk")
    assert time.monotonic() - full < SAID_WITHIN + QUICK
    agent.work(20)
    agent.check()
    assert agent.slowest < QUICK, f"an answer took {agent.slowest:.2f} s"
    eventually(sidecar.stderr, lambda log: "No space left" in log, SAID_WITHIN, because="in the log")

    disk.free()
    eventually(lambda: durable(sidecar), 1, DURABLE_WITHIN, because="after space was freed")
    agent.compare(sidecar)
    agent.work(5)
    sidecar.kill()

    again = begin(start, disk)
    agent.compare(again)
    assert again.total("tallygate_tokens_total", agent="lines") == 1_000
    assert durable(again) == 1


def test_a_start_on_a_full_disk_counts_and_keeps_as_soon_as_it_can(start, disk):
    sidecar = begin(start, disk)
    agent = Agent(sidecar)
    agent.work(5)
    sidecar.kill()
    disk.fill()

    again = begin(start, disk)
    agent.compare(again)
    agent.sidecar = again
    agent.work(5)
    eventually(lambda: durable(again), 0, SAID_WITHIN, because="on a full disk")
    disk.free()
    eventually(lambda: durable(again), 1, DURABLE_WITHIN, because="after space was freed")
    again.kill()
    agent.compare(begin(start, disk))


def test_a_disk_that_fills_and_empties_over_and_over_loses_and_doubles_nothing(start, disk):
    sidecar = begin(start, disk)
    agent = Agent(sidecar)
    over = threading.Event()

    def fill_and_free():
        while not over.is_set():
            disk.fill()
            over.wait(0.3)
            disk.free()
            over.wait(0.3)

    filling = threading.Thread(target=fill_and_free)
    filling.start()
    try:
        ends = time.monotonic() + 4
        while time.monotonic() < ends:
            agent.work(5)
    finally:
        over.set()
        filling.join()
    assert agent.slowest < QUICK, f"an answer took {agent.slowest:.2f} s"
    eventually(lambda: durable(sidecar), 1, DURABLE_WITHIN, because="after space was freed for good")
    sidecar.kill()
    agent.compare(begin(start, disk))


def test_while_no_snapshot_can_be_written_the_journal_keeps_everything(start):
    sidecar = start(CONFIG, flags=["--state.snapshot-interval", "1s"], unixgram=True)
    agent = Agent(sidecar)
    agent.work(5)
    eventually(lambda: durable(sidecar), 1)
    obstacle = sidecar.state / "snapshot.tmp"
    obstacle.mkdir()
    eventually(lambda: durable(sidecar), 0, SAID_WITHIN, because="while snapshots fail")
    # Long enough for a file of its own at each attempt.
    for round in range(3):
        sidecar.send_unixgram(
            [f"tokens:1|c|#agent:lines,session:{round}-{'x' * 400}-{number}" for number in range(200)])
        agent.work(5)
        time.sleep(1.1)
    assert len(list(sidecar.state.glob("journal-*"))) >= 3
    sidecar.kill()

    again = start(CONFIG, flags=["--state.snapshot-interval", "1s"])
    agent.compare(again)
    assert again.total("tallygate_tokens_total", agent="lines") == 600
    obstacle.rmdir()
    eventually(lambda: durable(again), 1, DURABLE_WITHIN, because="when snapshots can be written again")
    eventually(lambda: len(list(again.state.glob("journal-*"))), lambda count: count <= 2, DURABLE_WITHIN)


def test_a_read_only_disk_is_read_and_said(start, disk):
    sidecar = begin(start, disk)
    agent = Agent(sidecar)
    agent.work(5)
    sidecar.kill()
    disk.remount("ro")
    again = begin(start, disk)
    agent.compare(again)
    agent.sidecar = again
    agent.work(5)
    agent.check()
    eventually(lambda: durable(again), 0, SAID_WITHIN, because="on a read-only disk")
    assert agent.slowest < QUICK, f"an answer took {agent.slowest:.2f} s"
    assert "Read-only file system" in again.stderr()

    disk.remount("rw")
    eventually(lambda: durable(again), 1, DURABLE_WITHIN, because="when it can be written to again")
    again.kill()
    agent.compare(begin(start, disk))


def test_after_a_disk_hung_everything_is_there_once(start, hanging):
    sidecar = begin(start, hanging)
    agent = Agent(sidecar)
    agent.work(5)
    eventually(lambda: sidecar.total("tallygate_snapshots_total"), lambda count: count >= 1)
    hanging.freeze()
    sidecar.send_unixgram(["tokens:1|c|#agent:lines"] * 100)
    # Questions need no disk.
    agent.check()
    time.sleep(1)
    hanging.thaw()
    eventually(lambda: durable(sidecar), 1, DURABLE_WITHIN, because="when the disk works again")
    agent.work(5)
    sidecar.kill()
    again = begin(start, hanging)
    agent.compare(again)
    assert again.total("tallygate_tokens_total", agent="lines") == 100


def test_a_disk_that_hangs_holds_up_no_answer_and_is_said(start, hanging):
    sidecar = begin(start, hanging)
    Agent(sidecar).work(5)
    hanging.freeze()
    try:
        body = {"tags": {"agent": "a"}, "tokens": {"input": 1}}
        url = f"http://{sidecar.addresses['control']}/v1/reservations"
        assert requests.post(url, json=body, timeout=SAID_WITHIN).status_code == 201
        page = requests.get(f"http://{sidecar.addresses['web']}/metrics", timeout=SAID_WITHIN)
        assert "tallygate_state_durable 0" in page.text
    finally:
        hanging.thaw()
