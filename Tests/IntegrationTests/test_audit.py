"""What operators did and what was denied, on the disk: who reads it can trust it, and a bad disk stops nobody."""

import json
import os
import shutil

import pytest
from harness.sidecar import command
from harness.waiting import eventually

TOKEN = "an-operators-token-0123456789"
CONFIG = """
budgets:
  - { name: daily, per: [agent], limit: { tokens: 100 }, window: { calendar: day } }
"""
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def operated(start, tmp_path):
    token = tmp_path / "operator.token"
    token.write_text(f"{TOKEN} name=ops\n")

    def start_one():
        return start(CONFIG, flags=["--control.operator-token-file", token])

    return start_one


def act(sidecar, limit):
    answer = sidecar.control("PUT", "/v1/budgets/daily", {"limit": limit}, headers=HEADERS)
    assert answer.status_code == 200, answer.text


def records(sidecar, **query):
    answer = sidecar.control("GET", "/v1/audit", params=query, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def verify(sidecar):
    return command("audit", "verify", "--state.dir", sidecar.state)


def test_acts_and_denials_are_kept_over_restarts_and_the_chain_holds(operated):
    sidecar = operated()
    act(sidecar, 200)
    for _ in range(5):
        assert sidecar.reserve({"agent": "a"}, 201).status_code == 429
    assert sidecar.control("POST", "/v1/subjects/agent/a/stop").status_code == 401
    eventually(lambda: len(records(sidecar)), 1)
    # What was denied is summed up when the minute is over, or at the end.
    sidecar.stop()
    sidecar = operated()
    act(sidecar, 300)
    kept = eventually(lambda: records(sidecar), lambda found: len(found) == 3)
    assert [record["kind"] for record in kept] == ["act", "denials", "act"]
    assert [record["seq"] for record in kept] == [1, 2, 3]
    assert kept[0]["who"] == "ops" and kept[0]["verb"] == "PUT /v1/budgets/daily" and kept[0]["from"] == "127.0.0.1"
    assert {"budget": "daily", "unit": "tokens", "tags": {"agent": "a"}, "count": 5} in kept[1]["denied"]
    assert {"role": "operator", "from": "127.0.0.1", "count": 1} in kept[1]["denied"]
    assert TOKEN not in json.dumps(kept)
    assert len(records(sidecar, last=1)) == 1
    assert sidecar.control("GET", "/v1/audit").status_code == 401

    found = verify(sidecar)
    assert found.returncode == 0 and "good: 3 records" in found.stdout, found.stderr
    listed = command("audit", "--state.dir", sidecar.state, "--last", "2").stdout.splitlines()
    assert [json.loads(line)["seq"] for line in listed] == [2, 3]
    token = sidecar.directory / "token"
    token.write_text(TOKEN + "\n")
    remote = ["audit", "--control", sidecar.addresses["control"], "--last", "2"]
    assert command(*remote, "--token-file", token).stdout.splitlines() == listed
    refused = command(*remote)
    assert refused.returncode == 1 and "--token-file" in refused.stderr and refused.stdout == ""
    both = command(*remote, "--token-file", token, "--state.dir", sidecar.state)
    assert both.returncode == 1 and "Name one of them" in both.stderr
    sidecar.stop()
    path = sidecar.state / "audit/audit.jsonl"
    assert path.stat().st_mode & 0o777 == 0o600

    path.write_bytes(path.read_bytes().replace(b'"limit":200', b'"limit":900', 1))
    found = verify(sidecar)
    assert found.returncode == 1
    assert "audit.jsonl:2: does not follow the line before" in found.stderr


def test_half_a_record_after_a_crash_is_cut_off(operated):
    sidecar = operated()
    act(sidecar, 200)
    eventually(lambda: len(records(sidecar)), 1)
    sidecar.stop()
    with open(sidecar.state / "audit/audit.jsonl", "ab") as audit:
        audit.write(b'{"seq":2,"time":"20')
    assert "cut off" in verify(sidecar).stdout
    sidecar = operated()
    act(sidecar, 300)
    eventually(lambda: [record["seq"] for record in records(sidecar)], [1, 2])
    assert verify(sidecar).returncode == 0


def test_an_audit_that_cannot_be_written_stops_nothing_and_is_told(operated):
    sidecar = operated()
    sidecar.stop()
    shutil.rmtree(sidecar.state / "audit", ignore_errors=True)
    (sidecar.state / "audit").write_text("not a folder")
    sidecar = operated()
    act(sidecar, 200)
    assert sidecar.reserve({"agent": "a"}, 10).status_code == 201
    eventually(lambda: sidecar.total("tallygate_audit_failing"), 1)
    assert "audit cannot be written" in sidecar.stderr()
    os.unlink(sidecar.state / "audit")
    eventually(lambda: sidecar.total("tallygate_audit_records_total"), 1)
    assert sidecar.total("tallygate_audit_failing") == 0
    assert len(records(sidecar)) == 1


def test_without_a_directory_the_command_says_what_to_do():
    found = command("audit", "verify")
    assert found.returncode == 1 and "--state.dir" in found.stderr
