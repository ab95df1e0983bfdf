"""`tallygate run --enforce.process`: a budget that is gone ends the process that spends it."""

import shutil
import subprocess

import pytest
from harness.sidecar import command
from harness.waiting import eventually

CONFIG = """
budgets:
  - { name: daily, per: [agent], limit: { tokens: 100 }, window: { calendar: day } }
  - { name: burst, limit: { requests: 5 }, window: { fixed: 2s } }
  - { name: user, per: [user], limit: { cost_usd: 1 }, window: { calendar: day } }
"""


@pytest.fixture
def agent(tmp_path):
    """Starts processes whose program has a name of its own, longer than the kernel keeps."""
    program = tmp_path / "tallygate-test-agent"
    shutil.copy("/bin/sleep", program)
    running = []

    def start_one():
        running.append(subprocess.Popen([program, "60"]))
        return running[-1]

    yield start_one
    for process in running:
        process.kill()
        process.wait()


def state_of(process):
    with open(f"/proc/{process.pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0]


def test_the_agent_is_stopped_when_its_budget_is_gone_and_again_when_it_comes_back(start, agent):
    sidecar = start(CONFIG, flags=["--enforce.process", "tallygate-test-agent"])
    process = agent()
    sidecar.send_udp("tokens:100|c|#agent:a", "cost:5|c|#user:u")
    sidecar.expect_total("tallygate_tokens_total", 100)
    # An exact fit is no reason, and neither is one user's budget.
    assert process.poll() is None
    assert sidecar.total("tallygate_enforcement_active") == 0
    sidecar.send_udp("tokens:1|c|#agent:a")
    assert process.wait(5) == -15
    assert agent().wait(5) == -15
    assert sidecar.total("tallygate_enforcement_signals_total", signal="SIGTERM") == 2
    assert sidecar.total("tallygate_enforcement_active") == 1
    assert 'signal=SIGTERM' in sidecar.stderr()
    # What was past its limit before a restart is past it after.
    sidecar.stop()
    again = start(CONFIG, flags=["--enforce.process", "tallygate-test-agent"])
    assert agent().wait(5) == -15
    assert again.total("tallygate_enforcement_failures_total") == 0


def test_a_pause_ends_when_the_window_turns(start, agent, tmp_path):
    process = agent()
    pid_file = tmp_path / "agent.pid"
    pid_file.write_text(f"{process.pid}\n")
    sidecar = start(CONFIG + f"enforce: {{ pid_file: {pid_file}, action: pause, budgets: [burst] }}\n")
    sidecar.send_udp("requests:6|c", "tokens:1000|c|#agent:a")
    eventually(lambda: state_of(process), "T")
    eventually(lambda: state_of(process), "S")
    assert process.poll() is None


def test_without_the_flag_nobody_is_signalled(start, agent):
    sidecar = start(CONFIG)
    process = agent()
    sidecar.send_udp("tokens:1000|c|#agent:a")
    sidecar.expect_total("tallygate_tokens_total", 1000)
    assert process.poll() is None
    assert "tallygate_enforcement" not in sidecar.web("/metrics").text


@pytest.mark.parametrize(
    "section, complaint",
    [
        ("{ action: stop }", "names no process"),
        ("{ process: a, pid_file: b }", "besides process"),
        ("{ process: bin/agent }", "without its folder"),
        ("{ process: a, action: warn }", "enforce.action"),
        ("{ process: a, grace: 2h }", "enforce.grace"),
        ("{ process: a, budgets: [dayly] }", "Did you mean daily?"),
    ],
)
def test_a_mistake_in_the_section_is_named(tmp_path, section, complaint):
    file = tmp_path / "tallygate.yaml"
    file.write_text(CONFIG + f"enforce: {section}\n")
    result = command("validate", file)
    assert result.returncode == 1 and complaint in result.stderr, result.stderr


def test_a_mistake_in_a_flag_is_named():
    for flags in (["--enforce.process", "a", "--enforce.pid-file", "b"], ["--enforce.process", "a/b"],
                  ["--enforce.process", "a", "--enforce.action", "warn"],
                  ["--enforce.process", "a", "--enforce.grace", "2h"]):
        result = command("run", *flags)
        assert result.returncode == 1 and flags[-2] in result.stderr
