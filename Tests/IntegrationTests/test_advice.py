"""Advice in every decision, and alerts."""

import pytest

CONFIG = """
advice:
  models: { easy: [small], medium: [middle], hard: [big] }
budgets:
  - { name: daily, per: [agent], limit: { tokens: 500_000 }, window: { calendar: day } }
"""


@pytest.fixture
def sidecar(start):
    return start(CONFIG)


def use(sidecar, agent, tokens):
    response = sidecar.control("POST", "/v1/usage", {"tags": {"agent": agent}, "tokens": {"input": tokens}})
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("used, tokens", [(100_000, None), (350_001, 4000), (450_001, 2000)])
def test_b18_the_fuller_the_budget_the_shorter_the_prompt(sidecar, used, tokens):
    use(sidecar, "a", used)
    assert sidecar.check({"agent": "a"}, {"input": 1}).json()["advice"]["compress_to"] == tokens
    assert sidecar.reserve({"agent": "a"}, {"input": 1}).json()["advice"]["compress_to"] == tokens


def test_b13_a_refusal_gives_advice_too(sidecar):
    use(sidecar, "a", 480_000)
    for ask in (sidecar.check, sidecar.reserve):
        response = ask({"agent": "a", "model": "big"}, {"input": 50_000})
        assert response.status_code == 429
        advice = response.json()["advice"]
        assert (advice["compress_to"], advice["model"]) == (2000, "small")


def test_b19_the_model_follows_from_the_difficulty(sidecar):
    def advised(model, **more):
        return sidecar.check({"agent": "a", "model": model}, {"input": 1}, **more).json()["advice"]["model"]

    assert advised("big", difficulty="easy") == "small"
    assert advised("big", difficulty="hard") is None
    assert advised("big") == advised("big", difficulty="no such word") == "middle"
    response = sidecar.check({"agent": "a"}, {"input": 1}, difficulty=3)
    assert response.status_code == 400 and response.json()["member"] == "difficulty"


def test_b17_alerts_say_how_much_is_used(sidecar):
    assert sidecar.control("GET", "/v1/alerts").json() == []
    use(sidecar, "calm", 100)
    use(sidecar, "warned", 425_000)
    use(sidecar, "over", 500_000)
    critical, warning = sidecar.control("GET", "/v1/alerts").json()
    assert critical["level"] == "critical" and critical["tags"] == {"agent": "over"}
    assert warning.pop("time").endswith("Z")
    assert warning == {
        "level": "warning", "budget": "daily", "unit": "tokens", "tags": {"agent": "warned"},
        "used": 425_000, "limit": 500_000, "ratio": 0.85, "text": "daily: 85% of budget used (425,000 tokens)",
    }
