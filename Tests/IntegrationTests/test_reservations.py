"""Holds: decided and made in one step, whatever asks at the same time."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

TAGS = {"agent": "planner", "model": "priced-model"}

CONFIG = """
budgets:
  - name: tokens-for-ten
    per: [agent]
    match: { agent: "tokens-*" }
    limit: { tokens: 10_000 }
    window: { calendar: month }
  - name: cost-for-ten
    per: [agent]
    match: { agent: "cost-*" }
    limit: { cost_usd: 0.10 }
    window: { calendar: month }
  - name: requests-for-ten
    per: [agent]
    match: { agent: "requests-*" }
    limit: { requests: 10 }
    window: { rolling: 24h }
  - name: planner
    per: [agent]
    match: { agent: planner }
    limit: { tokens: 10_000 }
    window: { calendar: month }
"""

# A thousand input tokens cost one cent.
PRICES = {
    "priced-model": {
        "litellm_provider": "example",
        "mode": "chat",
        "input_cost_per_token": 1e-05,
        "output_cost_per_token": 2e-05,
    }
}


@pytest.fixture
def sidecar(start, tmp_path):
    prices = tmp_path / "prices.json"
    prices.write_text(json.dumps(PRICES))
    return start(CONFIG, flags=["--prices", prices])


def granted(response):
    assert response.status_code == 201, response.text
    return response.json()


@pytest.mark.parametrize(
    ("budget", "agent"),
    [("tokens-for-ten", "tokens-a"), ("cost-for-ten", "cost-a"), ("requests-for-ten", "requests-a")],
)
def test_fifty_at_once_on_a_budget_for_ten_grants_exactly_ten(sidecar, budget, agent):
    askers = 50
    together = threading.Barrier(askers)

    def ask(_):
        together.wait()
        return sidecar.reserve({"agent": agent, "model": "priced-model"}, {"input": 1000}, requests=1)

    with ThreadPoolExecutor(askers) as pool:
        responses = list(pool.map(ask, range(askers)))

    statuses = sorted(response.status_code for response in responses)
    assert statuses == [201] * 10 + [429] * 40
    holds = [response.json()["id"] for response in responses if response.status_code == 201]
    assert len(set(holds)) == 10
    account = sidecar.account(budget, agent=agent)
    assert float(account["used"]) == 0
    assert float(account["reserved"]) == float(account["limit"])
    assert float(account["remaining"]) == 0


def test_a_refusal_names_what_stood_in_the_way_and_when_to_come_back(sidecar):
    granted(sidecar.reserve(TAGS, {"input": 9_500}, requests=1))
    response = sidecar.reserve(TAGS, {"input": 800, "output": 200}, requests=1)
    assert response.status_code == 429
    assert response.headers["Content-Type"].startswith("application/problem+json")
    assert int(response.headers["Retry-After"]) >= 1
    problem = response.json()
    assert problem["status"] == 429
    assert problem["budget"] == "planner"
    assert problem["unit"] == "tokens"
    assert problem["tags"] == {"agent": "planner"}
    numbers = {key: problem[key] for key in ("limit", "used", "reserved", "requested", "remaining")}
    assert numbers == {"limit": 10_000, "used": 0, "reserved": 9_500, "requested": 1_000, "remaining": 500}


def test_an_exact_fit_is_granted_and_one_token_more_is_not(sidecar):
    assert sidecar.check(TAGS, {"input": 10_001}).status_code == 429
    assert sidecar.check(TAGS, {"input": 10_000}).status_code == 200
    granted(sidecar.reserve(TAGS, {"input": 10_000}))
    assert sidecar.check(TAGS, {"input": 1}).status_code == 429


def test_a_check_holds_nothing(sidecar):
    for _ in range(3):
        assert sidecar.check(TAGS, {"input": 6_000}).status_code == 200
    assert sidecar.total("tallygate_budget_reserved", budget="planner") == 0


def test_settling_charges_what_was_really_used_and_frees_the_rest(sidecar):
    hold = granted(sidecar.reserve(TAGS, {"input": 8_000, "output": 1_000}, requests=1))
    assert sidecar.settle(hold["id"], {"input": 790, "output": 150}, requests=1).status_code == 200
    account = sidecar.account("planner", agent="planner")
    assert (account["used"], account["reserved"], account["remaining"]) == (940, 0, 9_060)
    assert sidecar.total("tallygate_tokens_total", agent="planner", token_type="input") == 790
    assert sidecar.total("tallygate_tokens_total", agent="planner", token_type="output") == 150


def test_settling_twice_charges_once(sidecar):
    hold = granted(sidecar.reserve(TAGS, {"input": 1_000}))
    for _ in range(2):
        assert sidecar.settle(hold["id"], {"input": 700}).status_code == 200
    assert sidecar.account("planner", agent="planner")["used"] == 700
    assert sidecar.total("tallygate_tokens_total", agent="planner") == 700


def test_a_released_hold_can_be_granted_again(sidecar):
    hold = granted(sidecar.reserve(TAGS, {"input": 10_000}))
    assert sidecar.reserve(TAGS, {"input": 10_000}).status_code == 429
    assert sidecar.release(hold["id"]).status_code in (200, 204)
    granted(sidecar.reserve(TAGS, {"input": 10_000}))
    assert sidecar.account("planner", agent="planner")["used"] == 0


def test_a_usage_line_settles_the_hold_it_names(sidecar):
    hold = granted(sidecar.reserve(TAGS, {"input": 5_000}))
    sidecar.send_udp(f"tokens:4000|c|#agent:planner,model:priced-model,reservation:{hold['id']}")
    sidecar.expect_total("tallygate_budget_reserved", 0, budget="planner")
    assert sidecar.account("planner", agent="planner")["used"] == 4_000


def test_usage_past_the_limit_still_counts(sidecar):
    sidecar.send_udp("tokens:12000|c|#agent:planner")
    sidecar.expect_total("tallygate_budget_used", 12_000, budget="planner")
    assert sidecar.total("tallygate_budget_remaining", budget="planner") == 0
    assert sidecar.total("tallygate_budget_state", budget="planner", state="overspent") == 1
    assert sidecar.check(TAGS, {"input": 1}).status_code == 429


def test_reading_an_unknown_account_creates_none(sidecar):
    before = sidecar.metrics().text.count("\ntallygate_budget_used{")
    sidecar.accounts("planner", agent="nobody")
    assert sidecar.metrics().text.count("\ntallygate_budget_used{") == before


def test_decisions_are_counted(sidecar):
    hold = granted(sidecar.reserve(TAGS, {"input": 5_000}))
    assert sidecar.reserve(TAGS, {"input": 6_000}).status_code == 429
    assert sidecar.total("tallygate_decisions_total", budget="planner", decision="allow") == 1
    assert sidecar.total("tallygate_decisions_total", budget="planner", decision="deny") == 1
    assert sidecar.total("tallygate_reservations") == 1
    sidecar.release(hold["id"])
    assert sidecar.total("tallygate_reservations") == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"tags": {"agent": "planner"}, "tokens": {"input": -1}}',
        b'{"tags": {"agent": "planner"}, "tokens": {"input": 1e400}}',
        b'{"tags": {"agent": "planner"}, "tokens": {"input": 1.5}}',
        b'{"tags": {"agent": "planner"}, "tokens": {"input": "NaN"}}',
        b'{"tags": [], "tokens": {"input": 1}}',
        b'{"tags": {"agent": "\xff"}, "tokens": {"input": 1}}',
        b"[" * 100_000,
    ],
    ids=["empty", "torn", "array", "null", "negative", "huge", "fraction", "nan", "tags", "utf-8", "deep"],
)
def test_a_body_that_makes_no_sense_is_a_400_with_a_reason(sidecar, body):
    response = sidecar.control("POST", "/v1/reservations", data=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400, response.text
    assert response.headers["Content-Type"].startswith("application/problem+json")
    assert response.json()["detail"]
    granted(sidecar.reserve(TAGS, {"input": 1}))
