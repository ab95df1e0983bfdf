"""The commands that ask a running sidecar."""

import json
import subprocess
import threading

import pytest
from harness.sidecar import binary, command, environment
from harness.waiting import eventually

CONFIG = """
budgets:
  - { name: agent-daily, per: [agent], limit: { tokens: 1000 }, window: { calendar: day } }
  - { name: money, limit: { cost_usd: 5, requests: 100 }, window: { calendar: month } }
advice:
  models: { easy: [gpt-4o-mini], hard: [gpt-4o] }
"""
TOKEN = "operator-token-that-is-long-enough-0123456789"


@pytest.fixture
def sidecar(start, tmp_path):
    """One with some use, and with an operator."""
    token = tmp_path / "operator.token"
    token.write_text(TOKEN + "\n")
    one = start(CONFIG, flags=["--control.operator-token-file", token])
    one.token = token
    for agent, tokens in (("a", 850), ("b", 90)):
        usage = {"tags": {"agent": agent, "model": "gpt-4o"}, "tokens": {"input": tokens}, "requests": 1}
        assert one.control("POST", "/v1/usage", usage).status_code == 200
    return one


def ask(sidecar, *arguments, operator=False):
    token = ["--token-file", sidecar.token] if operator else []
    return command(*arguments, "--control", sidecar.addresses["control"], *token)


def answer(sidecar, *arguments, **options):
    """What a command prints as JSON."""
    result = ask(sidecar, *arguments, "--output", "json", **options)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_b35_usage_shows_who_used_what(sidecar):
    result = ask(sidecar, "usage")
    assert result.stdout == (
        "AGENT  TOKENS       USD  REQUESTS\n"
        "a         850  0.002125         1\n"
        "b          90  0.000225         1\n")
    assert answer(sidecar, "usage", "--by", "model", "--window", "1h", "--top", "1")[0]["tokens"] == 940
    assert ask(sidecar, "usage", "--by", "user").stdout == "Nothing was used in the last 24h.\n"
    wrong = ask(sidecar, "usage", "--by", "team")
    assert wrong.returncode == 1 and "Add team to scopes" in wrong.stderr
    assert "window must be one of" in ask(sidecar, "usage", "--window", "1d").stderr


def test_b17_alerts_are_told_in_words(sidecar):
    result = ask(sidecar, "alerts")
    assert result.stdout == "warning   agent-daily: 85% of budget used (850 tokens) [agent=a]\n"
    assert answer(sidecar, "alerts")[0]["level"] == "warning"


def test_check_says_yes_no_and_what_is_left(sidecar):
    yes = ask(sidecar, "check", "--agent", "b", "--model", "gpt-4o", "--tokens", "input=80", "--tokens", "output=20")
    assert yes.returncode == 0
    assert yes.stdout.startswith("allow: 80 input, 20 output tokens, 0.0004 USD\n")
    assert "  agent-daily agent=b: [█░░░░░░░░░] 9% (90/1,000 tokens), ok\n" in yes.stdout
    no = ask(sidecar, "check", "--agent", "a", "--tokens", "input=0.2K")
    assert no.returncode == 1 and "says no count" in no.stderr
    no = ask(sidecar, "check", "--agent", "a", "--tokens", "input=200")
    assert no.returncode == 3 and no.stdout.startswith("deny: Budget agent-daily for agent a has 150 tokens left")
    assert "try again in " in no.stdout


def test_estimate_and_advise(sidecar, tmp_path):
    result = ask(sidecar, "estimate", "--model", "gpt-4o", "--tokens", "input=1000", "--tokens", "output=100")
    assert result.stdout == "1,000 input, 100 output tokens: 0.0035 USD at the price of gpt-4o\n"
    prompt = tmp_path / "prompt"
    prompt.write_text("ä" * 400)
    assert answer(sidecar, "estimate", "--model", "gpt-4o", "--text-file", prompt)["tokens"]["input"] == 100
    both = ask(sidecar, "estimate", "--text-file", prompt, "--characters", "4")
    assert both.returncode == 1 and "give one of them" in both.stderr
    advice = ask(sidecar, "advise", "--agent", "a", "--model", "gpt-4o", "--difficulty", "easy")
    assert advice.stdout == "compress the prompt to 4,000 tokens\nuse gpt-4o-mini\n"
    assert ask(sidecar, "advise", "--agent", "b", "--model", "gpt-4o", "--difficulty", "hard").stdout == "go on as you are\n"


def test_an_operator_changes_limits(sidecar):
    def line(*arguments):
        result = ask(sidecar, *arguments, operator=True)
        assert result.returncode == 0, result.stderr
        return result.stdout

    a = ["agent-daily", "--tag", "agent=a"]
    assert "(850/2,000 tokens)" in line("set", *a, "--limit", "2K", "--until", "1h")
    assert "(850/1,000 tokens)" in line("set", *a, "--default")
    assert "850 tokens, no limit" in line("set", *a, "--limit", "unlimited")
    line("set", *a, "--default")
    assert "(850/1,500 tokens)" in line("topup", *a, "--amount", "500")
    assert "(0/1,500 tokens)" in line("reset", *a)
    assert "/7.5 USD)" in line("set", "money", "--unit", "cost_usd", "--limit", "7.50")
    wrong = ask(sidecar, "set", "money", "--limit", "7", operator=True)
    assert wrong.returncode == 1 and "unit must be one of" in wrong.stderr
    assert "--limit" in ask(sidecar, "set", "money", operator=True).stderr
    assert "No budget is named nope. There are agent-daily, money." in ask(
        sidecar, "reset", "nope", operator=True).stderr


def test_an_operator_stops_and_resumes(sidecar):
    name = "agent=we/ird ü"
    assert ask(sidecar, "stop", name, "--reason", "loops", operator=True).stdout == f"{name} is stopped\n"
    refused = ask(sidecar, "check", "--agent", "we/ird ü")
    assert refused.returncode == 3 and "is stopped: loops" in refused.stdout
    assert ask(sidecar, "resume", name, operator=True).stdout == f"{name} goes on\n"
    assert ask(sidecar, "resume", name, operator=True).stdout == f"{name} was not stopped\n"
    assert ask(sidecar, "stop", "nonsense", operator=True).returncode == 1


def test_who_is_no_operator_is_told_what_to_do(sidecar, tmp_path):
    for verb in (["reset", "money"], ["stop", "agent=a"], ["topup", "money", "--unit", "requests", "--amount", "1"]):
        result = ask(sidecar, *verb)
        assert result.returncode == 1 and "--token-file" in result.stderr, result.stderr
    other = tmp_path / "other"
    other.write_text("x" * 40)
    result = command("reset", "money", "--control", sidecar.addresses["control"], "--token-file", other)
    assert result.returncode == 1 and "operator" in result.stderr


def test_events_are_followed_over_a_restart(sidecar, start):
    address = sidecar.addresses["control"]
    process = subprocess.Popen(
        [binary(), "events", "--control", address, "--count", "3", "--kind", "exceeded,resume"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout), daemon=True)
    reader.start()
    eventually(lambda: sidecar.total("tallygate_event_subscribers"), 1)
    sidecar.control("POST", "/v1/usage", {"tags": {"agent": "b"}, "tokens": {"input": 1000}})
    sidecar.stop()
    again = start(CONFIG, flags=["--control.operator-token-file", sidecar.token, "--control.listen-address", address])
    eventually(lambda: again.total("tallygate_event_subscribers"), 1)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    again.control("POST", "/v1/budgets/agent-daily/reset", {"tags": {"agent": "b"}}, headers=headers)
    assert process.wait(10) == 0, process.stderr.read()
    reader.join(10)
    process.stderr.close()
    assert "exceeded   agent-daily  agent=b  1,090 of 1,000 tokens\n" in lines[0]
    # The new run cannot tell what the old one did last.
    assert "lost" in lines[1] and "resume     agent-daily  agent=b  0 of 1,000 tokens" in lines[2]


def test_the_address_may_come_from_the_environment(sidecar):
    result = subprocess.run(
        [binary(), "usage"], capture_output=True, text=True, timeout=30,
        env=environment() | {"TALLYGATE_CONTROL": f"http://{sidecar.addresses['control']}"})
    assert result.returncode == 0 and "AGENT" in result.stdout


@pytest.mark.parametrize(
    "verb",
    [["status"], ["usage"], ["alerts"], ["check"], ["advise"], ["estimate", "--tokens", "input=1"], ["events"],
     ["set", "b", "--limit", "1"], ["topup", "b", "--amount", "1"], ["reset", "b"], ["stop", "agent=a"],
     ["resume", "agent=a"]])
def test_without_a_sidecar_every_command_says_so(tmp_path, verb):
    result = command(*verb, "--control", f"unix:{tmp_path}/none.sock")
    assert result.returncode == 1 and result.stdout == ""
    assert "Is a sidecar running there? Start one with tallygate run" in result.stderr


def test_something_else_that_listens_is_no_sidecar(sidecar, start):
    # The read-only pages of a sidecar are not its control endpoint either.
    result = command("usage", "--control", sidecar.addresses["web"])
    assert result.returncode == 1 and "does not answer like a sidecar" in result.stderr


def test_shells_can_complete(tmp_path):
    for shell in ("bash", "zsh", "fish"):
        result = command("--generate-completion-script", shell)
        assert result.returncode == 0 and "topup" in result.stdout
    script = tmp_path / "completion.bash"
    script.write_text(command("--generate-completion-script", "bash").stdout)
    subprocess.run(["bash", "-n", script], check=True, timeout=30)
