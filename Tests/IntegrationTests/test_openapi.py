"""The description of the control listener, and schemathesis, which asks everything that it describes, and worse."""

import os
import subprocess
import sys

import pytest

AGENT, OPERATOR = "an-agents-token-0123456789", "an-operators-token-0123456789"
# `make openapi` gives it longer.
SECONDS = int(os.environ.get("OPENAPI_SECONDS", "15"))
CONFIG = """
budgets:
  - { name: daily, per: [agent], limit: { tokens: 100_000 }, window: { calendar: day } }
  - { name: money, per: [user], limit: { cost_usd: 10 }, window: { rolling: 1h } }
pools:
  - { name: context, tokens: 10_000 }
"""


@pytest.fixture
def sidecar(start, tmp_path):
    for name, token in [("agent", AGENT), ("operator", OPERATOR)]:
        (tmp_path / f"{name}.token").write_text(token + "\n")
    return start(CONFIG, flags=[
        "--control.agent-token-file", tmp_path / "agent.token", "--log.level", "warning",
        "--control.operator-token-file", tmp_path / "operator.token",
    ])


def test_the_document_is_served_to_everybody_and_says_who_may_do_what(sidecar):
    document = sidecar.control("GET", "/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert document["paths"]["/v1/budgets/{name}"]["put"]["security"] == [{"operator": []}]
    assert document["paths"]["/v1/check"]["post"]["security"] == [{"agent": []}]
    assert document["paths"]["/-/healthy"]["get"]["security"] == []


@pytest.mark.parametrize("token", [AGENT, OPERATOR], ids=["agent", "operator"])
def test_nothing_that_schemathesis_asks_ends_in_a_5xx_or_in_an_undocumented_answer(sidecar, tmp_path, token):
    run = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", f"http://{sidecar.addresses['control']}/v1/openapi.json",
            "--header", f"Authorization: Bearer {token}", "--max-time", str(SECONDS), "--seed", "1", "--no-color",
            "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
            # A stream has no end to wait for.
            "--exclude-path", "/v1/events", "--request-timeout", "10", "--generation-database", "none",
            "--continue-on-failure", "--warnings", "off",
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS + 120, check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert sidecar.alive()
    assert sidecar.check({"agent": "nobody-else"}, 1).status_code in (401, 200)
