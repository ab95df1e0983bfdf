"""The command line explains itself, and a wrong configuration is named by file, line and key."""

import pytest
from harness.sidecar import command

RUN_FLAGS = """
--config --prices --stdin --exit-on-eof --udp.listen-address --unixgram.listen-path --web.listen-address
--control.listen-address --control.socket --control.operator-token-file --control.agent-token-file --state.dir
--max-series --log.level --log.format --ready-file
""".split()


def test_help_lists_the_commands():
    result = command("--help")
    assert result.returncode == 0
    for name in ("run", "validate"):
        assert f" {name} " in result.stdout
    assert result.stderr == ""


def test_help_of_run_names_every_flag_and_the_default_ports():
    text = command("run", "--help").stdout
    for flag in RUN_FLAGS:
        assert flag in text, flag
    for default in ("127.0.0.1:8125", ":9465", "127.0.0.1:9466", "TALLYGATE_"):
        assert default in text, default


def test_help_of_validate_says_what_it_wants():
    text = command("validate", "--help").stdout.lower()
    assert "configuration" in text and "<" in text


def test_the_version_is_one_line():
    result = command("--version")
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 1 and result.stdout[0].isdigit()


def test_an_unknown_flag_is_named():
    result = command("run", "--no-such-flag")
    assert result.returncode > 0
    assert "--no-such-flag" in result.stderr


GOOD = """\
defaults: { warn_at: 0.8, mode: enforce, reservation_ttl: 10m }
labels: [agent, user, model, token_type]
budgets:
  - name: agent-daily
    per: [agent]
    limit: { tokens: 500_000 }
    window: { calendar: day, timezone: Europe/Berlin }
  - name: org-month
    per: []
    limit: { cost_usd: 500 }
    window: { calendar: month }
"""


def validate(tmp_path, text):
    path = tmp_path / "tallygate.yaml"
    path.write_text(text)
    return command("validate", path)


def test_a_good_file_is_accepted(tmp_path):
    result = validate(tmp_path, GOOD)
    assert result.returncode == 0, result.stderr


# What is changed in the good file, and the line and word that the message must name.
MISTAKES = {
    "an unknown key": ("    per: [agent]", "    pre: [agent]", 5, "pre"),
    "a negative limit": ("500_000", "-1", 6, "limit"),
    "a limit that is no number": ("500_000", ".nan", 6, "limit"),
    "an infinite limit": ("{ cost_usd: 500 }", "{ cost_usd: .inf }", 10, "limit"),
    "a threshold past one": ("warn_at: 0.8", "warn_at: 1.5", 1, "warn_at"),
    "an unknown mode": ("mode: enforce", "mode: enforced", 1, "enforced"),
    "an unknown time zone": ("Europe/Berlin", "Europe/Atlantis", 7, "Europe/Atlantis"),
    "an unknown window": ("calendar: month", "calendar: fortnight", 11, "fortnight"),
    "a name twice": ("org-month", "agent-daily", 8, "agent-daily"),
    "no window": ("    window: { calendar: month }\n", "", 8, "window"),
    "a reserved label": ("labels: [agent,", "labels: [quantile,", 2, "quantile"),
    "torn YAML": ("per: []", "per: [", None, "tallygate.yaml:"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_by_file_line_and_key(tmp_path, mistake):
    old, new, line, word = MISTAKES[mistake]
    assert old in GOOD
    result = validate(tmp_path, GOOD.replace(old, new))
    assert result.returncode == 1, result.stdout + result.stderr
    message = result.stderr
    assert "tallygate.yaml" in message
    assert word in message
    if line is not None:
        assert f":{line}" in message or f"line {line}" in message, message


def test_run_refuses_a_wrong_file_in_the_same_words(tmp_path):
    bad = GOOD.replace("500_000", "-1")
    told = validate(tmp_path, bad).stderr.strip()
    result = command("run", "--config", tmp_path / "tallygate.yaml", "--udp.listen-address", "127.0.0.1:0",
                     "--web.listen-address", "127.0.0.1:0", "--control.listen-address", "127.0.0.1:0",
                     "--state.dir", tmp_path / "state")
    assert result.returncode > 0
    assert f"{tmp_path / 'tallygate.yaml'}:6" in told and f"{tmp_path / 'tallygate.yaml'}:6" in result.stderr


@pytest.mark.parametrize("content", ["", "[]", "a: &a [*a]", "\x00", "a: " + "[" * 100_000, "- " * 50_000])
def test_no_file_ends_it_with_a_crash(tmp_path, content):
    assert validate(tmp_path, content).returncode in (0, 1)


def test_a_missing_file_is_named(tmp_path):
    result = command("validate", tmp_path / "missing.yaml")
    assert result.returncode == 1
    assert "missing.yaml" in result.stderr
