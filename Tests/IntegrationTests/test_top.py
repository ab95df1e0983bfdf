"""`tallygate top` and `tallygate status --watch` in a real terminal, read back."""

import pytest
from harness.sidecar import binary, command
from harness.terminal import Terminal
from harness.waiting import eventually

CONFIG = """
budgets:
  - { name: agent-daily, per: [agent], limit: { tokens: 1000 }, window: { calendar: day } }
"""
TOKEN = "operator-token-that-is-long-enough-0123456789"


@pytest.fixture
def terminal():
    one = Terminal()
    yield one
    one.close()


@pytest.fixture
def sidecar(start, tmp_path):
    token = tmp_path / "operator.token"
    token.write_text(TOKEN + "\n")
    one = start(CONFIG, flags=["--control.operator-token-file", token])
    one.token = token
    spend(one, "thrifty", 100, requests=9)
    spend(one, "greedy", 850)
    return one


def spend(sidecar, agent, tokens, requests=1):
    usage = {"tags": {"agent": agent, "model": "gpt-4o"}, "tokens": {"input": tokens}, "requests": requests}
    assert sidecar.control("POST", "/v1/usage", usage).status_code == 200


def order(terminal):
    """The agents from the top of the list to its end."""
    return [line.split()[0] for line in terminal.screen().splitlines() if line.startswith(("greedy", "thrifty"))]


def has_ended(terminal):
    """The shell is back, and the screen is as it was."""
    return terminal.screen().rstrip().endswith("$") and not terminal.is_on_alternate_screen() and terminal.shows_cursor()


def test_b7_top_shows_sorts_stops_and_resumes(sidecar, terminal):
    terminal.run(binary(), "top", "--control", sidecar.addresses["control"], "--token-file", sidecar.token,
                 "--interval", "200ms")
    screen = terminal.expect("greedy", "q quit")
    assert "[█████████░] 85% (850/1,000 tokens), warning" in screen
    assert terminal.is_on_alternate_screen() and not terminal.shows_cursor()
    assert order(terminal) == ["greedy", "thrifty"]
    # A key sorts by requests, and numbers come by themselves.
    terminal.press("a")
    eventually(lambda: order(terminal), ["thrifty", "greedy"])
    spend(sidecar, "greedy", 1, requests=10)
    eventually(lambda: order(terminal), ["greedy", "thrifty"])
    # The selection stays with its agent: thrifty is below now.
    terminal.press("Home")
    terminal.press("Down")
    terminal.press("s")
    terminal.expect("Stop agent=thrifty?")
    terminal.press("y")
    terminal.expect("agent=thrifty is stopped")
    assert command("check", "--agent", "thrifty", "--control", sidecar.addresses["control"]).returncode == 3
    terminal.press("r")
    terminal.expect("agent=thrifty goes on")
    assert command("check", "--agent", "thrifty", "--control", sidecar.addresses["control"]).returncode == 0
    # Another size, and the end.
    terminal.press("t")
    terminal.resize(60, 12)
    eventually(lambda: len(terminal.screen().rstrip("\n").splitlines()), 12)
    terminal.expect("greedy", "↑↓ select")
    terminal.press("q")
    eventually(lambda: has_ended(terminal), True)


@pytest.mark.parametrize("end", ["C-c", "q"])
def test_the_terminal_is_given_back(sidecar, terminal, end):
    terminal.run(binary(), "top", "--control", sidecar.addresses["control"])
    terminal.expect("greedy")
    terminal.press(end)
    eventually(lambda: has_ended(terminal), True)
    # What is typed is seen again.
    terminal.run("echo", "typed")
    terminal.expect("$ echo typed\ntyped")


def test_ctrl_z_and_back(sidecar, terminal):
    terminal.run(binary(), "top", "--control", sidecar.addresses["control"])
    terminal.expect("greedy")
    terminal.press("C-z")
    terminal.expect("Stopped")
    assert not terminal.is_on_alternate_screen()
    terminal.run("fg")
    terminal.expect("greedy", "q quit")
    terminal.press("q")
    eventually(lambda: has_ended(terminal), True)


def test_without_the_right_top_says_so_and_goes_on(sidecar, terminal):
    terminal.run(binary(), "top", "--control", sidecar.addresses["control"], "--interval", "200ms")
    terminal.expect("greedy")
    terminal.press("s")
    terminal.expect("Stop agent=greedy?")
    terminal.press("y")
    terminal.expect("--token-file")
    # Nor does the end of the sidecar end it: it may come back.
    sidecar.stop()
    terminal.expect("cannot be reached", "greedy")


def test_a8_status_is_watched(sidecar, terminal):
    terminal.run(binary(), "status", "--watch", "--interval", "200ms", "--control", sidecar.addresses["control"])
    terminal.expect("agent-daily agent=greedy: [█████████░] 85% (850/1,000 tokens), warning")
    spend(sidecar, "greedy", 150)
    terminal.expect("agent-daily agent=greedy: [██████████] 100% (1,000/1,000 tokens), exhausted")
    terminal.press("q")
    eventually(lambda: has_ended(terminal), True)


def test_top_needs_a_terminal(sidecar):
    result = command("top", "--control", sidecar.addresses["control"])
    assert result.returncode == 1 and "needs a terminal" in result.stderr
