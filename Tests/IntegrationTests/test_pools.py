"""Pools: allocations by priority, from the first request to the restart."""

import re

import pytest

CONFIG = """
pools:
  - name: context
    tokens: 128_000
  - name: incidents
    tokens: 10_000
    reserve_for_critical: 0.1
    enforce_split: true
"""


@pytest.fixture
def sidecar(start, tmp_path):
    token = tmp_path / "operator.token"
    token.write_text("a-token-for-tests-only\n")
    token.chmod(0o600)
    return start(CONFIG, flags=["--control.operator-token-file", token])


def allocate(sidecar, priority, pool="context", agent="a", **more):
    body = {"pool": pool, "agent": agent, "task": "t", "priority": priority, **more}
    return sidecar.control("POST", "/v1/allocations", body)


def use(sidecar, identifier, **usage):
    return sidecar.control("POST", f"/v1/allocations/{identifier}/usage", usage)


def problem(response):
    assert response.headers["content-type"] == "application/problem+json"
    return response.json()["type"].rsplit("/", 1)[1]


def test_the_worked_example(sidecar):
    high = allocate(sidecar, "HIGH")
    assert high.status_code == 201, high.text
    assert re.fullmatch("[0-9a-f]{32}", high.json()["id"])
    assert [high.json()[key] for key in ("granted", "lookup", "reasoning")] == [96_000, 86_400, 9_600]
    assert allocate(sidecar, "normal").json()["granted"] == 32_000
    denied = allocate(sidecar, "critical")
    assert denied.status_code == 429 and problem(denied) == "pool-exhausted"
    assert sidecar.total("tallygate_pool_denied_total", pool="context", priority="critical") == 1
    assert sidecar.total("tallygate_pool_allocated_tokens", pool="context") == 128_000
    assert sidecar.total("tallygate_pool_available_tokens", pool="context") == 0


def test_use_past_the_grant_is_refused_and_counted(sidecar):
    identifier = allocate(sidecar, "low", agent="scout", max_tokens=100).json()["id"]
    assert use(sidecar, identifier, lookup=85).json()["warned"] is True
    assert use(sidecar, identifier, tokens=15).json()["stopped"] is True
    refused = use(sidecar, identifier, reasoning=1)
    assert refused.status_code == 429 and problem(refused) == "allocation-exceeded"
    body = refused.json()
    assert (body["agent"], body["budget"], body["used"]) == ("scout", 100, 101)
    for event in ("warn", "stop", "exceeded"):
        assert sidecar.total("tallygate_pool_events_total", pool="context", event=event) == 1
    assert sidecar.total("tallygate_pool_used_tokens", pool="context") == 101
    assert "Pool stop" in sidecar.stderr()


def test_critical_work_finds_its_share(sidecar):
    for _ in range(3):
        allocate(sidecar, "high", pool="incidents")
    assert problem(allocate(sidecar, "high", pool="incidents")) == "pool-exhausted"
    assert allocate(sidecar, "critical", pool="incidents").json()["granted"] == 1_000


def test_release_answers_the_record_and_the_report_hides_ids(sidecar):
    identifier = allocate(sidecar, "low", agent="scout").json()["id"]
    sidecar.send_udp(f"tokens:40|c|#agent:scout,kind:lookup,allocation:{identifier}")
    sidecar.expect_total("tallygate_pool_usage_tokens_total", 40, pool="context", kind="lookup")
    report = sidecar.control("GET", "/v1/allocations", params={"pool": "context"})
    assert identifier not in report.text and identifier not in sidecar.web("/metrics").text
    pool = report.json()["pools"][0]
    assert (pool["tokens"], pool["available"], pool["utilisation"], pool["active_agents"]) == (128_000, 96_000, 0.25, 1)
    assert [row["used"] for row in pool["allocations"]] == [40]
    for _ in range(2):
        record = sidecar.control("DELETE", f"/v1/allocations/{identifier}")
        assert record.status_code == 200 and record.json()["ended"] == "released"
    late = use(sidecar, identifier, tokens=2)
    assert late.status_code == 409 and late.json()["used"] == 42
    assert sidecar.total("tallygate_pool_available_tokens", pool="context") == 128_000


def test_only_an_operator_tops_up(sidecar):
    allocation = allocate(sidecar, "critical", pool="incidents").json()
    assert use(sidecar, allocation["id"], lookup=9_000, reasoning=1_000).json()["stopped"] is True
    path = "/v1/pools/incidents/top-up"
    body = {"tokens": 10_000, "allocation": allocation["allocation"]}
    assert sidecar.control("POST", path, body).status_code in (401, 403)
    topped = sidecar.control("POST", path, body, headers={"authorization": "Bearer a-token-for-tests-only"})
    assert topped.status_code == 200, topped.text
    assert topped.json()["tokens"] == 20_000
    assert sidecar.control("GET", f"/v1/allocations/{allocation['id']}").json()["stopped"] is False
    assert sidecar.total("tallygate_pool_events_total", pool="incidents", event="resume") == 1


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"pool": "none", "agent": "a"}, 404, "unknown-pool"),
        ({"pool": "context"}, 400, "invalid-request"),
        ({"pool": "context", "agent": "a", "priority": "urgent"}, 400, "invalid-request"),
        ({"pool": "context", "agent": "a", "max_tokens": -1}, 400, "invalid-request"),
        ({"pool": "context", "agent": "a", "max_tokens": 1e30}, 400, "invalid-request"),
        ({"pool": "context", "agent": "a", "ttl": "forever"}, 400, "invalid-request"),
        ({"pool": "context", "agent": "a", "max_tokens": 0}, 429, "nothing-requested"),
    ],
)
def test_a_request_that_cannot_be_granted_says_why(sidecar, body, status, kind):
    response = sidecar.control("POST", "/v1/allocations", body)
    assert (response.status_code, problem(response)) == (status, kind), response.text


def test_allocations_survive_a_restart(start):
    first = start(CONFIG)
    identifier = allocate(first, "high").json()["id"]
    use(first, identifier, lookup=500)
    first.stop()
    second = start(CONFIG)
    assert second.control("GET", f"/v1/allocations/{identifier}").json()["used"] == 500
    assert second.total("tallygate_pool_available_tokens", pool="context") == 32_000
