#!/usr/bin/env python3
"""How long a start takes when there is much to do again: a long journal, a kill, and the first answered check.

    TALLYGATE=.build/static/release/tallygate scripts/recovery_time.py [--mebibytes 15] [--acts] [--without-snapshots]

The sidecar takes a snapshot by itself and begins a new journal after 16 MiB or 65,536 acts, so that 15 MiB of lines, or
6 of acts, are about the worst case. With --without-snapshots none can be written, as on a disk that has just no room
for one: the journals then grow to 64 MiB or 196,608 acts, 18 MiB of these. Prints their size, the records and lines in
them, and the time from the start of the process to the answer, three times.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/IntegrationTests"))

from harness.sidecar import Sidecar  # noqa: E402
from harness.waiting import eventually  # noqa: E402

CONFIG = """
budgets:
  - { name: spend, per: [agent], limit: { tokens: 1_000_000_000_000 }, window: { calendar: month } }
"""
LINES_PER_DATAGRAM = 100
AGENTS = 100
# Without a snapshot the journal stops at 196,608, and what comes then is lost by the kill.
MOST_ACTS = 196_000


def journals(sidecar):
    """Bytes of all journals of the directory."""
    return sum(path.stat().st_size for path in sidecar.state.glob("journal-*"))


def fill(sidecar, size):
    """Sends lines until the journals have that many bytes. Returns how many."""
    datagrams = [
        "\n".join(
            f"tokens:{number % 997 + 1}|c|#agent:agent-{number % AGENTS},user:alice,model:gpt-4o,session:s{start % 50}"
            for number in range(start, start + LINES_PER_DATAGRAM)
        )
        for start in range(0, 100 * LINES_PER_DATAGRAM, LINES_PER_DATAGRAM)
    ]
    lines = 0
    while journals(sidecar) < size:
        sidecar.send_unixgram(datagrams)
        lines += len(datagrams) * LINES_PER_DATAGRAM
    return lines


def fill_with_acts(sidecar, size):
    """The same with uses that are recorded over HTTP, by the thousand. Returns how many."""
    acts = 0
    while journals(sidecar) < size and acts < MOST_ACTS:
        body = [
            {
                "tags": {"agent": f"agent-{number % AGENTS}", "user": "alice", "model": "gpt-4o", "session": "s1"},
                "tokens": {"input": number % 997 + 1, "output": 100}, "requests": 1,
            }
            for number in range(2_000)
        ]
        assert sidecar.control("POST", "/v1/usage", body).status_code == 200
        acts += len(body)
    return acts


def cpu_seconds(process):
    """What it has used so far: on a busy machine this says more than the wall clock."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mebibytes", type=int, default=15)
    parser.add_argument("--acts", action="store_true", help="fill the journal with recorded uses instead of lines")
    parser.add_argument("--without-snapshots", action="store_true", help="let no snapshot be written meanwhile")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tallygate-recovery-") as directory:
        sidecar = Sidecar(directory, CONFIG, unixgram=True)
        eventually(lambda: sidecar.total("tallygate_snapshots_total"), 1)
        obstacle = sidecar.state / "snapshot.tmp"
        if chosen.without_snapshots:
            obstacle.mkdir()
        count = (fill_with_acts if chosen.acts else fill)(sidecar, chosen.mebibytes << 20)
        wanted = sidecar.total("tallygate_tokens_total")
        time.sleep(0.2)  # Lines are written a tenth of a second later at the most.
        sidecar.close()
        if chosen.without_snapshots:
            obstacle.rmdir()
        size = journals(sidecar)
        content = {path: path.read_bytes() for path in sidecar.state.iterdir()}
        print(f"journals {size / (1 << 20):.1f} MiB, {count} {'uses' if chosen.acts else 'lines'}", flush=True)
        for _ in range(3):
            for path in sidecar.state.iterdir():
                path.unlink()
            for path, written in content.items():
                path.write_bytes(written)
            started = time.monotonic()
            again = Sidecar(directory, CONFIG)
            assert again.check({"agent": "agent-1"}, {"input": 1}).status_code == 200
            took = time.monotonic() - started
            cpu = cpu_seconds(again.process.pid)
            records = again.total("tallygate_journal_recovered_records")
            assert again.total("tallygate_tokens_total") >= wanted
            again.close()
            print(
                f"{records:.0f} records done again; "
                f"first answer after {took * 1000:.0f} ms, {cpu * 1000:.0f} ms of CPU",
                flush=True)


if __name__ == "__main__":
    main()
