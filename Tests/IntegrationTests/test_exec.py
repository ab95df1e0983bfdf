"""`tallygate exec`: a command with a budget, whatever the command thinks of it."""

import json
import os
import pty
import signal
import subprocess
import sys
import time

import pytest
from harness.sidecar import binary, command, environment
from harness.waiting import eventually

# Usage over UDP as any statsd client sends it.
SPEND = "echo 'tokens:%d|c|#model:gpt-4o,kind:output' > /dev/udp/$STATSD_HOST/$STATSD_PORT"


def bash(*lines):
    return ["--", "bash", "-c", "\n".join(lines)]


def summary(tmp_path, *arguments, **options):
    """Runs `exec`; answers the result and its summary."""
    file = tmp_path / "summary.json"
    result = command("exec", "--summary", file, "--output", "json", *arguments, **options)
    return result, json.loads(file.read_text())


def start(*arguments, **options):
    return subprocess.Popen(
        [binary(), "exec", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(), **options,
    )


def has_ended(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def state_of(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0]


# Its own status, its own streams.


@pytest.mark.parametrize("script, code", [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 143), ("kill -KILL $$", 137)])
def test_the_exit_status_is_the_commands_own(script, code):
    assert command("exec", "--max-tokens", "10", *bash(script)).returncode == code


def test_a_command_that_cannot_run_exits_as_in_a_shell(tmp_path):
    plain = tmp_path / "plain"
    plain.write_text("#!/bin/sh\n")
    missing = command("exec", "--", tmp_path / "none")
    assert missing.returncode == 127 and "No such file or directory" in missing.stderr
    forbidden = command("exec", "--", plain)
    assert forbidden.returncode == 126 and "Permission denied" in forbidden.stderr
    for wrong in (["--max-tokens", "many"], ["--max-cost", "2,50"], ["--warn-at", "2"], ["--grace", "soon"],
                  ["--usage-fd", "2"], ["--config", tmp_path / "none.yaml"], ["--udp.listen-address", "nowhere"]):
        result = command("exec", *wrong, "--", "true")
        assert result.returncode == 125 and wrong[0] in result.stderr, result.stderr
    assert command("exec", "--max-tokens", "1").returncode == 125


def test_standard_streams_are_the_commands(tmp_path):
    result = command("exec", "--summary", tmp_path / "s", *bash("cat; echo aside >&2"), input="in\n")
    assert (result.stdout, result.stderr) == ("in\n", "aside\n")


def test_a_terminal_is_the_commands():
    parent, child = pty.openpty()
    script = 'test -t 0 && test -t 1 && read line && echo "got:$line"'
    # The terminal has to be the session's for its keys to reach anybody.
    shell = subprocess.Popen(
        ["setsid", "--ctty", "--wait", binary(), "exec", "--max-tokens", "5", "--", "bash", "-c", script],
        stdin=child, stdout=child, stderr=child, env=environment(),
    )
    os.close(child)
    os.write(parent, b"word\n")
    assert shell.wait(10) == 0
    assert b"got:word" in os.read(parent, 4096)
    os.close(parent)


def test_ctrl_c_reaches_the_command():
    parent, child = pty.openpty()
    script = 'trap "echo caught; exit 9" INT; echo ready; while :; do sleep 0.05; done'
    shell = subprocess.Popen(
        ["setsid", "--ctty", "--wait", binary(), "exec", "--max-tokens", "5", "--", "bash", "-c", script],
        stdin=child, stdout=child, stderr=child, env=environment(),
    )
    os.close(child)
    seen = b""
    while b"ready" not in seen:
        seen += os.read(parent, 4096)
    os.write(parent, b"\x03")
    assert shell.wait(10) == 9
    assert b"caught" in os.read(parent, 4096)
    os.close(parent)


# What it counts.


def test_c21_a_command_that_spends_too_much_is_stopped_and_fails(tmp_path):
    result, told = summary(tmp_path, "--max-tokens", "1000", *bash(
        SPEND % 850, "sleep 0.3", SPEND % 850, "sleep 20", "echo survived"))
    assert result.returncode == 3 and "survived" not in result.stdout
    assert "85% of max-tokens is used: 850 of 1,000 tokens" in result.stderr
    assert "max-tokens is exceeded: 1,700 of 1,000 tokens" in result.stderr
    assert told["exceeded"] and told["stopped"] and told["tokens"] == {"output": 1700}
    assert (told["exit_status"], told["command_status"]) == (3, 143)
    assert told["duration_seconds"] < 10


def test_an_exact_fit_is_no_reason_to_stop(tmp_path):
    result, told = summary(tmp_path, "--max-tokens", "1000", *bash(SPEND % 1000, "sleep 0.2", "echo survived"))
    assert result.returncode == 0 and result.stdout == "survived\n"
    assert not told["exceeded"] and told["accounts"][0]["state"] == "exhausted"


def test_what_is_sent_at_the_very_end_counts(tmp_path):
    for _ in range(20):
        result, told = summary(tmp_path, "--max-tokens", "10", *bash(SPEND % 11))
        assert result.returncode == 3 and told["tokens"] == {"output": 11}
        assert told["command_status"] in (0, 143)


def test_cost_is_counted_with_real_prices_and_by_model(tmp_path):
    usage = ('tokens:1000000|c|#model:gpt-4o,kind:input', 'tokens:1000|c|#model:gpt-4o-mini,kind:output',
             'requests:2|c|#model:gpt-4o')
    result, told = summary(tmp_path, "--max-cost", "2.00", "--on-exceed", "warn", "--usage-fd", "7", *bash(
        *[f"echo '{line}' >&7" for line in usage]))
    assert result.returncode == 3
    assert [(model["model"], model["tokens"], model["requests"]) for model in told["models"]] == [
        ("gpt-4o", 1_000_000, 2), ("gpt-4o-mini", 1000, 0)]
    assert told["cost_usd"] == "2.5006" and told["requests"] == 2


def test_usage_lines_on_standard_output_count_and_everything_is_passed_on(tmp_path):
    # A prompt without a newline arrives at once, very long lines and any bytes as they are.
    script = [
        "printf 'prompt> '", "head -c 300000 /dev/zero | tr '\\0' x", "printf '\\n\\377\\000\\n'",
        "echo 'tokens:5|c|#model:gpt-4o,kind:input'", "echo 'not:usage'",
        """echo '{"model": "gpt-4o", "usage": {"prompt_tokens": 10, "completion_tokens": 20}}'""",
        "printf 'tokens:7|c|#model:gpt-4o,kind:input'",
    ]
    file = tmp_path / "summary.json"
    arguments = ["--usage-stdout", "--summary", file, "--output", "json", *bash(*script)]
    result = subprocess.run([binary(), "exec", *map(str, arguments)], capture_output=True, env=environment(), timeout=30)
    plain = subprocess.run(["bash", "-c", "\n".join(script)], capture_output=True, timeout=30)
    assert result.returncode == 0 and result.stdout == plain.stdout
    told = json.loads(file.read_text())
    assert told["tokens"] == {"input": 22, "output": 20} and told["rejected_lines"] == {}


def test_when_nobody_reads_the_output_the_command_hears_of_it():
    process = start("--usage-stdout", *bash("while :; do echo line; done"))
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(10) == 128 + signal.SIGPIPE
    process.stderr.close()


def test_the_commands_budgets_may_come_from_a_file(tmp_path):
    config = tmp_path / "tallygate.yaml"
    config.write_text("""
budgets:
  - { name: session, per: [session], limit: { tokens: 100 }, window: { lifetime: {} } }
  - { name: trial, limit: { tokens: 10 }, window: { calendar: day }, mode: shadow }
  - { name: gentle, limit: { requests: 2 }, window: { lifetime: {} }, on_exceed: { stop: { grace: 3 } } }
""")
    line = "echo '%s' >&3"
    # A budget in shadow mode is told of and stops nothing; a grace may be used up.
    result, told = summary(tmp_path, "--config", config, "--usage-fd", "3", *bash(
        line % "tokens:90|c|#session:a", line % "tokens:90|c|#session:b", line % "requests:4|c", "sleep 0.3"))
    assert result.returncode == 3 and not told["stopped"]
    result, told = summary(tmp_path, "--config", config, "--usage-fd", "3", *bash(line % "requests:6|c", "sleep 20"))
    assert result.returncode == 3 and told["stopped"]
    assert "gentle and its grace are used up" in result.stderr


def test_the_control_endpoint_is_there_when_asked_for(tmp_path):
    ask = """curl -s "$TALLYGATE_CONTROL_URL/v1/check" -d '{"tokens": {"input": %d}}' | grep -o '"decision":"[a-z]*"'"""
    result = command("exec", "--max-tokens", "100", "--control", *bash(ask % 10))
    assert result.stdout == '"decision":"allow"\n', result.stderr
    without = command("exec", "--max-tokens", "100", *bash("env | grep CONTROL"))
    assert without.stdout == ""


def test_statsd_clients_find_their_port(tmp_path):
    script = "import datadog.dogstatsd as d; s = d.DogStatsd(); s.increment('tokens', 42, tags=['kind:input'])"
    result, told = summary(tmp_path, "--max-tokens", "100", "--", sys.executable, "-c", script)
    assert result.returncode == 0, result.stderr
    assert told["tokens"] == {"input": 42}


# How it ends a command.


def test_who_ignores_sigterm_is_killed_when_the_grace_is_over(tmp_path):
    result, told = summary(tmp_path, "--max-tokens", "10", "--grace", "500ms", *bash(
        "trap '' TERM", SPEND % 11, "while :; do sleep 0.05; done"))
    assert result.returncode == 3 and told["command_status"] == 137
    assert 0.5 <= told["duration_seconds"] < 5
    assert "SIGTERM" in result.stderr and "SIGKILL" in result.stderr


def test_children_end_with_the_command_wherever_they_went(tmp_path):
    pids = tmp_path / "pids"
    # One in the command's group, one in a session of its own that ignores SIGTERM, and one whose parent has gone.
    result, _ = summary(tmp_path, "--max-tokens", "10", "--grace", "300ms", *bash(
        f"sleep 60 & echo $! >> {pids}",
        f"setsid bash -c 'trap \"\" TERM; echo $$ >> {pids}; while :; do sleep 0.05; done' &",
        f"(setsid bash -c 'echo $$ >> {pids}; exec sleep 60' &)",
        f"until [ $(wc -l < {pids}) = 3 ]; do sleep 0.02; done", SPEND % 11, "sleep 60"))
    assert result.returncode == 3
    for pid in pids.read_text().split():
        eventually(lambda: has_ended(pid), True, because=f"for process {pid}")


def test_on_exceed_kill_gives_no_grace(tmp_path):
    result, told = summary(tmp_path, "--max-tokens", "10", "--on-exceed", "kill", *bash(
        "trap '' TERM", SPEND % 11, "while :; do sleep 0.05; done"))
    assert result.returncode == 3 and told["command_status"] == 137 and told["duration_seconds"] < 5
    assert "SIGTERM" not in result.stderr


def test_on_exceed_warn_lets_it_end_and_fails(tmp_path):
    result, told = summary(tmp_path, "--max-tokens", "10", "--on-exceed", "warn", *bash(SPEND % 11, "sleep 0.2", "exit 4"))
    assert result.returncode == 3 and told["command_status"] == 4 and not told["stopped"]


def test_on_exceed_pause_holds_until_it_is_told_to_go_on(tmp_path):
    pid_file = tmp_path / "pid"
    process = start("--max-tokens", "10", "--on-exceed", "pause", *bash(
        f"echo $$ > {pid_file}", SPEND % 11, "sleep 0.3", "echo went on"))
    pid = eventually(lambda: pid_file.exists() and pid_file.read_text().strip(), lambda text: bool(text))
    eventually(lambda: state_of(pid), "T")
    time.sleep(0.5)
    assert state_of(pid) == "T" and process.poll() is None
    process.send_signal(signal.SIGCONT)
    out, err = process.communicate(timeout=10)
    assert out == "went on\n" and process.returncode == 3 and "SIGSTOP" in err


def test_on_exceed_pause_goes_on_by_itself_when_the_window_turns(tmp_path):
    config = tmp_path / "tallygate.yaml"
    config.write_text("budgets: [{ name: burst, limit: { tokens: 10 }, window: { fixed: 2s } }]")
    result = command("exec", "--config", config, "--on-exceed", "pause", *bash(SPEND % 11, "sleep 0.3", "echo went on"))
    assert result.stdout == "went on\n" and "something left again" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_signals_are_passed_on(number):
    process = start("--max-tokens", "10", *bash(
        f"trap 'echo caught; exit 5' {number.value}", "echo ready", "while :; do sleep 0.02; done"))
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    out, _ = process.communicate(timeout=10)
    assert out == "caught\n" and process.returncode == 5


def test_a_command_does_not_outlive_its_guard(tmp_path):
    process = start("--max-tokens", "10", *bash("echo $$", "while :; do sleep 0.05; done"))
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    eventually(lambda: has_ended(pid), True)
    process.stdout.close()
    process.stderr.close()
