"""Enforcement at a gateway: a real nginx with the configuration that the documentation gives."""

import re
from pathlib import Path

import pytest
from harness.gateway import Gateway

DOCS = Path(__file__).resolve().parents[2] / "docs/gateways.md"
CONFIG = """
budgets:
  - { name: per-user, per: [user], limit: { tokens: 1000 }, window: { calendar: day } }
"""


def snippet(language):
    """The one code block of this language in the documentation."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", DOCS.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, f"{len(blocks)} blocks of {language}"
    return blocks[0]


@pytest.fixture
def gateway(tmp_path):
    running = []

    def start_one(control, text=None):
        running.append(Gateway(tmp_path / f"gateway{len(running)}", text or snippet("nginx"), control))
        return running[-1]

    yield start_one
    for part in running:
        part.stop()


def test_who_is_over_budget_gets_429_with_retry_after_from_nginx_itself(start, gateway):
    sidecar = start(CONFIG)
    nginx = gateway(sidecar.addresses["control"])
    assert nginx.ask("alice").text == "answered"

    sidecar.send_udp("tokens:1000|c|#user:alice")
    sidecar.expect_total("tallygate_tokens_total", 1000)
    refused = nginx.ask("alice")
    assert refused.status_code == 429, refused.text
    assert refused.headers["Server"].startswith("nginx")
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400
    assert refused.headers["RateLimit"].startswith('"per-user:tokens";r=0;t=')
    assert refused.headers["RateLimit-Policy"].startswith('"per-user:tokens";q=1000;')
    assert nginx.ask("alice", "GET").status_code == 429

    assert nginx.ask("bob").text == "answered", "another one's budget is another one's"


def test_a_client_cannot_say_that_it_is_somebody_else(start, gateway):
    sidecar = start(CONFIG)
    nginx = gateway(sidecar.addresses["control"])
    sidecar.send_udp("tokens:1000|c|#user:alice")
    sidecar.expect_total("tallygate_tokens_total", 1000)
    assert nginx.ask("alice", X_Tallygate_User="bob").status_code == 429
    assert nginx.ask("bob", X_Tallygate_User="alice").text == "answered"
    # Nobody in particular has no budget, and gets nowhere.
    assert nginx.ask(None).status_code == 403


def test_a_stopped_subject_is_403_and_not_429(start, gateway, tmp_path):
    tokens = tmp_path / "operator.token"
    tokens.write_text("an-operators-token-0123456789\n")
    sidecar = start(CONFIG, flags=["--control.operator-token-file", tokens])
    nginx = gateway(sidecar.addresses["control"])
    headers = {"Authorization": "Bearer an-operators-token-0123456789"}
    assert sidecar.control("POST", "/v1/subjects/user/alice/stop", headers=headers).status_code == 200
    refused = nginx.ask("alice")
    assert refused.status_code == 403
    assert "Retry-After" not in refused.headers


def test_without_a_sidecar_the_gateway_decides_as_it_is_told(start, gateway):
    sidecar = start(CONFIG)
    closed = gateway(sidecar.addresses["control"])
    open_ = gateway(sidecar.addresses["control"], snippet("nginx").replace("@unavailable { return 503; }", """@unavailable {
        proxy_pass http://model.internal:8000;
    }"""))
    sidecar.stop()
    assert closed.ask("alice").status_code == 503
    assert open_.ask("alice").text == "answered"
