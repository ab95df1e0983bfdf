"""`tallygate status`: a look at a running sidecar."""

import json

from harness.sidecar import command

CONFIG = """
budgets:
  - { name: daily, per: [agent], limit: { tokens: 100_000 }, window: { calendar: day } }
  - { name: money, limit: { cost_usd: 5_000 }, window: { calendar: day } }
"""


def test_a8_status_shows_budgets_as_progress_bars(start, tmp_path):
    socket = tmp_path / "c.sock"
    sidecar = start(CONFIG, flags=["--control.socket", socket])
    usage = {"tags": {"agent": "a\u001b[2J"}, "tokens": {"input": 82_000}, "cost_usd": "1234.5"}
    assert sidecar.control("POST", "/v1/usage", usage).status_code == 200
    for address in (sidecar.addresses["control"], f"unix:{socket}"):
        result = command("status", "--control.address", address)
        assert result.returncode == 0, result.stderr
        assert "daily agent=a?[2J: [████████░░] 82% (82,000/100,000 tokens), warning\n" in result.stdout
        assert "money: [██░░░░░░░░] 25% (1,234." in result.stdout
        result = command("status", "--control.address", address, "--output", "json")
        assert len(json.loads(result.stdout)["accounts"]) == 2


def test_without_a_sidecar_status_says_so(tmp_path):
    for address in ("127.0.0.1:1", f"unix:{tmp_path}/none.sock"):
        result = command("status", "--control.address", address)
        assert result.returncode == 1 and result.stdout == ""
        assert "Is a sidecar running there?" in result.stderr
    assert "--control:" in command("status", "--control.address", "nonsense").stderr
