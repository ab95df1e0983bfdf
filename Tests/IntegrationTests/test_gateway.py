"""Enforcement at a gateway: a real nginx and a real Caddy with the configuration that the documentation gives."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from harness.gateway import Caddy, Gateway

DOCS = Path(__file__).resolve().parents[2] / "docs/gateways.md"
CONFIG = """
budgets:
  - { name: per-user, per: [user], limit: { tokens: 1000 }, window: { calendar: day } }
"""


def snippet(language):
    """The last code block of this language in the documentation."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", DOCS.read_text(), re.MULTILINE | re.DOTALL)
    assert blocks, f"no block of {language}"
    return blocks[-1]


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


def test_caddy_refuses_who_is_over_budget_and_believes_no_client(start, tmp_path):
    sidecar = start(CONFIG)
    caddy = Caddy(tmp_path / "caddy", snippet("caddyfile"), sidecar.addresses["control"], ["alice", "bob"])
    try:
        assert caddy.ask("alice").text == "answered"
        sidecar.send_udp("tokens:1000|c|#user:alice")
        sidecar.expect_total("tallygate_tokens_total", 1000)
        refused = caddy.ask("alice")
        assert refused.status_code == 429, refused.text
        assert 0 < int(refused.headers["Retry-After"]) <= 86_400
        assert refused.headers["RateLimit"].startswith('"per-user:tokens";r=0;t=')
        assert refused.json()["budget"] == "per-user"
        assert caddy.ask("alice", X_Tallygate_User="bob", X_Tallygate_Agent="x").status_code == 429
        assert caddy.ask("bob", "GET", X_Tallygate_User="alice", X_Tallygate_Tokens="x").text == "answered"
        sidecar.stop()
        assert caddy.ask("bob").status_code == 502
    finally:
        caddy.stop()


# The fields of envoy.extensions.filters.http.ext_authz.v3 and of what it is made of, as far as they are used here.
ENVOY = {
    "ExtAuthz": {"http_service", "failure_mode_allow", "allowed_headers", "status_on_error"},
    "HttpService": {"server_uri", "path_prefix", "authorization_request", "authorization_response"},
    "HttpUri": {"uri", "cluster", "timeout"},
    "AuthorizationRequest": {"headers_to_add"},
    "AuthorizationResponse": {"allowed_client_headers"},
}


def test_the_envoy_configuration_has_no_key_that_envoy_does_not_know():
    (http_filter,) = yaml.safe_load(snippet("yaml"))["http_filters"]
    assert http_filter["name"] == "envoy.filters.http.ext_authz"
    config = dict(http_filter["typed_config"])
    assert config.pop("@type") == "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz"
    service = config["http_service"]
    for kind, message in [
        ("ExtAuthz", config), ("HttpService", service), ("HttpUri", service["server_uri"]),
        ("AuthorizationRequest", service["authorization_request"]),
        ("AuthorizationResponse", service["authorization_response"]),
    ]:
        assert set(message) <= ENVOY[kind], kind
    for matcher in [config["allowed_headers"], service["authorization_response"]["allowed_client_headers"]]:
        assert all(set(pattern) == {"exact"} for pattern in matcher["patterns"])


def test_the_traefik_configuration_has_no_key_that_traefik_does_not_know():
    middleware = tomllib.loads(snippet("toml"))["http"]["middlewares"]["budget"]["forwardAuth"]
    assert set(middleware) <= {"address", "authRequestHeaders", "authResponseHeaders"}
