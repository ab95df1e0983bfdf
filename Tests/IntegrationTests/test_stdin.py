"""Usage lines on standard input: counted to the last line, then summed up or served on."""

import os
import subprocess
import threading

from harness.sidecar import binary, environment, start_arguments
from harness.waiting import eventually

# Distinctive, so that a summary cannot say it by chance.
TOKENS = [1_234_000, 567]


def run_to_the_end(directory, text, *flags):
    """A run over finished input: starts, reads, sums up, ends."""
    return subprocess.run(
        [binary(), *start_arguments(directory), "--stdin", "--exit-on-eof", *flags],
        input=text, capture_output=True, timeout=30, env=environment(), check=False,
    )


def digits(text):
    return text.replace(",", "").replace("_", "")


def test_a_finished_input_is_summed_up_on_stdout(tmp_path):
    lines = "".join(f"tokens:{tokens}|c|#agent:batch,model:gpt-4o\n" for tokens in TOKENS)
    result = run_to_the_end(tmp_path, lines.encode())
    assert result.returncode == 0, result.stderr.decode()
    assert str(sum(TOKENS)) in digits(result.stdout.decode())


def test_a8_the_summary_shows_budgets_as_progress_bars(tmp_path):
    config = tmp_path / "budgets.yaml"
    config.write_text("budgets: [{name: day, limit: {tokens: 100_000}, window: {calendar: day}}]")
    result = run_to_the_end(tmp_path, b"tokens:82000|c\n", "--config", config)
    assert "day: [████████░░] 82% (82,000/100,000 tokens), warning" in result.stdout.decode()


def test_a_last_line_without_a_newline_counts(tmp_path):
    result = run_to_the_end(tmp_path, f"tokens:{TOKENS[0]}|c\ntokens:{TOKENS[1]}|c".encode())
    assert result.returncode == 0
    assert str(sum(TOKENS)) in digits(result.stdout.decode())


def test_an_empty_input_ends_well(tmp_path):
    assert run_to_the_end(tmp_path, b"").returncode == 0


def test_usage_objects_of_model_providers_count(start):
    sidecar = start(stdin=subprocess.PIPE, flags=["--stdin"])
    sidecar.process.stdin.write(
        b'{"agent": "a", "model": "gpt-4o", "usage": {"prompt_tokens": 1000, "completion_tokens": 200,'
        b' "prompt_tokens_details": {"cached_tokens": 400}}}\n'
        b'{"agent": "b", "model": "claude-sonnet-4-5", "usage": {"input_tokens": 600, "output_tokens": 90,'
        b' "cache_read_input_tokens": 300, "cache_creation_input_tokens": 50}}\n'
    )
    sidecar.process.stdin.flush()
    sidecar.expect_total("tallygate_lines_total", 2)
    assert sidecar.total("tallygate_lines_rejected_total") == 0
    # Types are exclusive: what was cached is no longer input.
    kinds = {"a": {"input": 600, "cache_read": 400, "output": 200},
             "b": {"input": 600, "cache_read": 300, "cache_write": 50, "output": 90}}
    for agent, counts in kinds.items():
        for kind, tokens in counts.items():
            assert sidecar.total("tallygate_tokens_total", agent=agent, token_type=kind) == tokens, (agent, kind)
        assert sidecar.total("tallygate_tokens_total", agent=agent) == sum(counts.values())
    sidecar.process.stdin.close()


def test_it_goes_on_serving_after_the_input_ends(start):
    sidecar = start(stdin=subprocess.PIPE, flags=["--stdin"])
    sidecar.process.stdin.write(b"tokens:5|c|#agent:a\n")
    sidecar.process.stdin.close()
    sidecar.expect_total("tallygate_tokens_total", 5)
    sidecar.send_udp("tokens:6|c|#agent:a")
    sidecar.expect_total("tallygate_tokens_total", 11)
    assert sidecar.alive()


def test_a_line_without_end_costs_no_memory(start):
    megabytes = 1024 if os.environ.get("TALLYGATE_TEST_LONG") else 300
    sidecar = start(stdin=subprocess.PIPE, flags=["--stdin"])
    pipe = sidecar.process.stdin
    pipe.write(b"tokens:5|c|#agent:before\n")
    pipe.flush()
    sidecar.expect_total("tallygate_tokens_total", 5)
    before = sidecar.peak_resident_mib()

    chunk = b"x" * (1 << 20)
    for _ in range(megabytes):
        pipe.write(chunk)
    pipe.write(b"\ntokens:6|c|#agent:after\n")
    pipe.close()

    sidecar.expect_total("tallygate_tokens_total", 6, seconds=30, agent="after")
    assert sidecar.peak_resident_mib() - before < 8
    assert sidecar.total("tallygate_lines_rejected_total") == 1


def test_a_slow_writer_loses_nothing(start):
    sidecar = start(stdin=subprocess.PIPE, flags=["--stdin"])
    pipe = sidecar.process.stdin

    def write_in_torn_pieces():
        text = b"".join(b"tokens:%d|c|#agent:torn\n" % number for number in range(2000))
        for start_of_piece in range(0, len(text), 37):
            pipe.write(text[start_of_piece:start_of_piece + 37])
            pipe.flush()

    writer = threading.Thread(target=write_in_torn_pieces)
    writer.start()
    writer.join()
    eventually(lambda: sidecar.total("tallygate_tokens_total", agent="torn"), sum(range(2000)), 10)
    assert sidecar.total("tallygate_lines_rejected_total") == 0
    pipe.close()
