"""`tallygate snapshot`: looking at the state on disk, checking it, and putting another in its place."""

import json
import struct
import zlib

import pytest

from harness.sidecar import command

CONFIG = """
budgets:
  - { name: daily, per: [agent], limit: { tokens: 10_000 }, window: { calendar: month } }
"""


def used(start, tokens, **options):
    sidecar = start(CONFIG, **options)
    before = sidecar.total("tallygate_tokens_total", agent="a")
    sidecar.send_udp(f"tokens:{tokens}|c|#agent:a,user:u")
    sidecar.expect_total("tallygate_tokens_total", before + tokens, agent="a")
    return sidecar


def inspect(path):
    result = command("snapshot", "inspect", path, "--output", "json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def journal_of(state):
    return max(state.glob("journal-*"))


def killed(start):
    """The state after kill -9, with a snapshot of 400 tokens and a journal of 100 more and a hold."""
    used(start, 400).stop()
    sidecar = used(start, 100)
    assert sidecar.reserve({"agent": "a"}, {"input": 50}).status_code == 201
    sidecar.kill()
    return sidecar


def test_inspect_tells_what_a_directory_holds(start):
    state = killed(start).state
    report = inspect(state)
    kinds = {file["name"]: file for file in report["files"]}
    assert kinds["snapshot"]["counts"]["accounts"] == 1
    assert report["start"]["snapshot"] == "snapshot"
    assert report["start"]["acts_to_replay"] >= 2
    assert report["start"]["acts_missing"] == 0
    journal = kinds[journal_of(state).name]
    assert journal["end"] == "complete"
    assert journal["last"] - journal["first"] + 1 == journal["records"] == sum(journal["kinds"].values())
    assert journal["kinds"]["lines"] >= 1 and journal["kinds"]["reserve"] == 1

    text = command("snapshot", "inspect", state).stdout
    assert "A start would use snapshot and do" in text
    assert "1 reserve" in text


def test_verify_tells_damage_from_a_torn_tail(start):
    state = killed(start).state
    assert command("snapshot", "verify", state).returncode == 0

    journal = journal_of(state)
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-3])
    torn = command("snapshot", "verify", state)
    assert torn.returncode == 0 and "cut off at byte" in torn.stdout

    journal.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
    damaged = command("snapshot", "verify", state)
    assert damaged.returncode == 1 and f"{journal}: damaged at byte 32" in damaged.stderr
    journal.write_bytes(whole)

    snapshot = state / "snapshot"
    content = snapshot.read_bytes()
    snapshot.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    result = command("snapshot", "verify", state, "--output", "json")
    assert result.returncode == 1
    problems = json.loads(result.stdout)["problems"]
    assert any(str(snapshot) in problem and "checksum mismatch" in problem for problem in problems), problems


def test_export_of_a_directory_has_what_the_journal_added(start, tmp_path):
    sidecar = killed(start)
    config = sidecar.directory / "tallygate.yaml"
    before = sorted((path.name, path.read_bytes()) for path in sidecar.state.iterdir())
    result = command("snapshot", "export", "--config", config, sidecar.state)
    assert result.returncode == 0, result.stderr
    [account] = json.loads(result.stdout)["accounts"]
    assert (account["used"], account["reserved"], account["tags"]) == (500, 50, {"agent": "a"})
    assert sorted((path.name, path.read_bytes()) for path in sidecar.state.iterdir()) == before

    file = command("snapshot", "export", sidecar.state / "snapshot")
    assert json.loads(file.stdout)["accounts"][0]["used"] == 400
    without = command("snapshot", "export", sidecar.state)
    assert without.returncode == 1 and "--config" in without.stderr


def test_restore_goes_back_and_keeps_what_was_there(start, tmp_path):
    used(start, 400).stop()
    backup = tmp_path / "backup"
    sidecar = used(start, 100)
    backup.write_bytes((sidecar.state / "snapshot").read_bytes())
    sidecar.stop()
    state = sidecar.state

    result = command("snapshot", "restore", backup, "--state.dir", state)
    assert result.returncode == 0, result.stderr
    [aside] = state.glob("before-restore-*")
    assert str(aside) in result.stdout
    assert not list(state.glob("journal-*")) and list(aside.glob("journal-*"))

    again = start(CONFIG)
    assert again.account("daily", agent="a")["used"] == 400
    again.stop()
    assert command("snapshot", "restore", aside / "snapshot", "--state.dir", state).returncode == 0
    assert start(CONFIG).account("daily", agent="a")["used"] == 500


def test_restore_takes_what_the_sidecar_serves_and_says_what_is_not_in_it(start, tmp_path):
    sidecar = used(start, 300)
    assert sidecar.reserve({"agent": "a"}, {"input": 50}).status_code == 201
    served = tmp_path / "served"
    served.write_bytes(sidecar.web("/snapshot").content)

    busy = command("snapshot", "restore", served, "--state.dir", sidecar.state)
    assert busy.returncode == 1 and "in use" in busy.stderr
    assert sidecar.account("daily", agent="a")["reserved"] == 50
    sidecar.stop()

    elsewhere = tmp_path / "other"
    result = command("snapshot", "restore", served, "--state.dir", elsewhere / "state")
    assert result.returncode == 0 and "reservations, pools and ids of usage are not in it" in result.stdout
    account = start(CONFIG, directory=elsewhere).account("daily", agent="a")
    assert (account["used"], account["reserved"]) == (300, 0)


def header(version=1, content=10, body=b""):
    start = b"TALLYGT\n" + struct.pack("<IIQQQqqI", version, 0, 0, content, len(body), 0, 0, zlib.crc32(body))
    return start + struct.pack("<I", zlib.crc32(start)) + body


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (header(body=zlib.compress(bytes(200 << 20))), "inconsistent"),
        (header(content=(1 << 30) + 1), "too large"),
        (header(version=2), "format version 2"),
        (b"", "truncated at byte 0"),
        (b"hello", "not a snapshot"),
        (header(body=b"x" * 100)[:-1], "truncated"),
    ],
    ids=["bomb", "too large", "foreign version", "empty", "not a snapshot", "truncated"],
)
def test_what_cannot_be_used_is_refused_in_words(tmp_path, file, said):
    path = tmp_path / "file"
    path.write_bytes(file)
    for verb in (["inspect", path], ["verify", path], ["export", path], ["restore", path, "--state.dir", tmp_path / "s"]):
        result = command("snapshot", *verb)
        assert result.returncode == 1, verb
        assert said in result.stderr and str(path) in result.stderr, result.stderr
    assert not (tmp_path / "s").exists()


def test_a_file_larger_than_any_snapshot_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "large"
    with open(path, "wb") as file:
        file.write(b"TALLYGT\n")
        file.truncate(4 << 30)
    result = command("snapshot", "verify", path)
    assert result.returncode == 1 and "too large" in result.stderr.lower()


def test_help_teaches(start):
    text = command("snapshot", "--help").stdout
    for verb in ("inspect", "verify", "export", "restore"):
        assert f"tallygate snapshot {verb}" in text
        assert "Example" in command("snapshot", verb, "--help").stdout
