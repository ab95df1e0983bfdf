"""State on disk: a restart keeps every total, and a damaged file is set aside and said so, never deleted."""

import pytest
from harness.waiting import eventually

CONFIG = """
budgets:
  - { name: daily, per: [agent], limit: { tokens: 10_000 }, window: { calendar: month } }
"""


def run_once(start, tokens):
    """One run that counts some tokens, sees them on the page, and ends well."""
    sidecar = start(CONFIG)
    before = sidecar.total("tallygate_tokens_total", agent="a")
    sidecar.send_udp(f"tokens:{tokens}|c|#agent:a,user:u")
    sidecar.expect_total("tallygate_tokens_total", before + tokens, agent="a")
    sidecar.stop()
    return sidecar


def snapshots(sidecar):
    """The snapshot files, newest first."""
    files = [path for path in sidecar.state.rglob("*") if path.is_file() and "snapshot" in path.name]
    assert files, f"no snapshot in {list(sidecar.state.rglob('*'))}"
    return sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def test_a_restart_keeps_totals_and_accounts(start):
    run_once(start, 4_000)
    run_once(start, 500)
    again = start(CONFIG)
    assert again.total("tallygate_tokens_total", agent="a", user="u") == 4_500
    assert again.account("daily", agent="a")["used"] == 4_500
    assert again.check({"agent": "a"}, {"input": 5_500}).status_code == 200
    assert again.check({"agent": "a"}, {"input": 5_501}).status_code == 429


def test_a_restart_keeps_holds(start):
    first = start(CONFIG)
    hold = first.reserve({"agent": "a"}, {"input": 9_000}).json()
    first.stop()
    again = start(CONFIG)
    assert again.account("daily", agent="a")["reserved"] == 9_000
    assert again.settle(hold["id"], {"input": 8_000}).status_code == 200
    assert again.account("daily", agent="a")["used"] == 8_000


def damage(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    return bytes(content)


def test_a_damaged_snapshot_is_set_aside_and_the_one_before_is_used(start):
    run_once(start, 4_000)
    stopped = run_once(start, 500)
    damaged = damage(snapshots(stopped)[0])

    again = start(CONFIG)
    assert "snapshot" in again.stderr() and "corrupt" in again.stderr().lower()
    assert again.total("tallygate_tokens_total", agent="a") >= 4_000
    kept = [path for path in again.state.rglob("*") if path.is_file() and path.read_bytes() == damaged]
    assert kept, "the damaged snapshot was not kept"


def test_with_every_snapshot_damaged_it_starts_and_says_so(start):
    stopped = run_once(start, 4_000)
    for path in snapshots(stopped):
        damage(path)
    again = start(CONFIG)
    assert "corrupt" in again.stderr().lower()
    again.send_udp("tokens:1|c|#agent:a")
    again.expect_total("tallygate_lines_total", 1)


def test_files_that_are_no_snapshots_at_all_do_no_harm(start):
    stopped = run_once(start, 4_000)
    for path, content in zip(snapshots(stopped), [b"", b"\x00" * 1_000_000], strict=False):
        path.write_bytes(content)
    start(CONFIG).metrics()


def found_at_start(sidecar):
    """What the page says of the end before: whether it was no clean one, torn journals, and whether acts came back."""
    page = sidecar.metrics()
    return (
        page.total("tallygate_previous_shutdown_unclean"), page.total("tallygate_journal_torn_tails_total"),
        page.total("tallygate_journal_recovered_records") > 0)


def test_the_page_says_what_a_start_found(start):
    sidecar = start(CONFIG)
    assert found_at_start(sidecar) == (0, 0, False)
    assert sidecar.reserve({"agent": "a"}, {"input": 100}).status_code == 201
    sidecar.kill()
    # A crash of the machine may leave the beginning of one more record.
    with max(sidecar.state.glob("journal-*")).open("ab") as journal:
        journal.write(bytes([200, 0, 0, 0, 1, 2, 3, 4, 5]))
    again = start(CONFIG)
    assert found_at_start(again) == (1, 1, True)
    assert again.account("daily", agent="a")["reserved"] == 100
    again.stop()
    assert found_at_start(start(CONFIG)) == (0, 0, False)


def test_two_sidecars_never_share_a_directory(start, tmp_path):
    first = start(CONFIG)
    flags = ["--state.dir", str(first.state)]
    with pytest.raises(AssertionError, match=f"in use by another sidecar .process {first.process.pid}."):
        start(CONFIG, directory=tmp_path / "second", flags=flags)
    assert first.check({"agent": "a"}, {"input": 1}).status_code == 200
    first.stop()
    assert start(CONFIG, directory=tmp_path / "second", flags=flags).alive()


def test_many_short_acts_ask_for_a_snapshot_so_that_no_start_has_much_to_do_again(start):
    sidecar = start(CONFIG, flags=["--state.snapshot-interval", "1h"])
    eventually(lambda: sidecar.total("tallygate_snapshots_total"), 1)
    body = [{"tags": {"agent": "a"}, "tokens": {"input": 1}}] * 2_000
    for _ in range(34):
        assert sidecar.control("POST", "/v1/usage", body).status_code == 200
    assert sidecar.total("tallygate_journal_size_bytes") < 16 << 20
    eventually(lambda: sidecar.total("tallygate_snapshots_total"), 2, because="after 68,000 acts")
    sidecar.kill()
    again = start(CONFIG)
    assert again.total("tallygate_journal_recovered_records") < 68_000
    assert again.total("tallygate_tokens_total", agent="a") == 68_000


def test_an_unusable_state_directory_is_a_sentence_or_only_a_warning(start, tmp_path):
    # A file stands where the directory should be: decisions go on in memory, and the log says what is wrong.
    (tmp_path / "sidecar").mkdir()
    (tmp_path / "sidecar" / "state").write_text("not a directory")
    sidecar = start(CONFIG)
    assert str(sidecar.state) in sidecar.stderr()
    sidecar.send_udp("tokens:1|c|#agent:a")
    sidecar.expect_total("tallygate_tokens_total", 1)
