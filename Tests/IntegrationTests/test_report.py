"""`tallygate report` and `GET /v1/totals`: who spent what, for those who pay."""

import csv
import io
import json

import pytest
from harness.sidecar import command

CONFIG = """
labels: [team, agent, model, token_type]
budgets:
  - { name: agent-daily, per: [agent], match: { agent: limited }, limit: { tokens: 1_000_000 }, window: { calendar: day } }
"""


@pytest.fixture
def sidecar(start):
    one = start(CONFIG)
    spend(one, "search", "limited", {"input": 8000, "output": 200, "cache_read": 100}, requests=3)
    spend(one, "chat", "free", {"input": 200_000})
    return one


def spend(sidecar, team, agent, tokens, requests=1):
    usage = {"tags": {"team": team, "agent": agent, "model": "gpt-4o"}, "tokens": tokens, "requests": requests}
    assert sidecar.control("POST", "/v1/usage", usage).status_code == 200


def report(sidecar, *arguments):
    result = command("report", "--control", sidecar.addresses["control"], *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_totals_are_those_of_the_metrics_page_by_any_label(sidecar):
    answer = sidecar.control("GET", "/v1/totals?by=team").json()
    assert answer["rows"] == [
        {"team": "chat", "tokens": 200_000, "cost_usd": "0.5", "requests": 1},
        {"team": "search", "tokens": 8300, "cost_usd": "0.022125", "requests": 3}]
    by_type = sidecar.control("GET", "/v1/totals?by=team,token_type").json()["rows"]
    for row in by_type:
        if row["tokens"]:
            page = sidecar.total("tallygate_tokens_total", team=row["team"], token_type=row["token_type"])
            assert page == row["tokens"]
    unknown = sidecar.control("GET", "/v1/totals?by=user")
    assert unknown.status_code == 404 and "Add user to labels" in unknown.json()["detail"]
    assert sidecar.control("GET", "/v1/totals?for=user").status_code == 400


def test_c22_a_report_by_team_as_a_table(sidecar):
    lines = report(sidecar, "--by", "team").splitlines()
    assert lines[:4] == [
        "TEAM     TOKENS    INPUT  CACHED  OUTPUT  REQUESTS       USD  SHARE",
        "chat    200,000  200,000       0       0         1       0.5    96%",
        "search    8,300    8,000     100     200         3  0.022125     4%",
        "total   208,300  208,000     100     200         4  0.522125   100%"]


def test_b43_a_report_names_the_anti_patterns_it_sees(sidecar):
    found = json.loads(report(sidecar, "--format", "json"))["findings"]
    assert {finding["kind"]: finding["agents"] for finding in found} == {
        "unlimited-agents": ["free"], "output-ignored": ["free"], "no-caching": ["free"]}
    spend(sidecar, "search", "limited", {"input": 1}, requests=200)
    assert "one-model: gpt-4o takes all 204 calls." in report(sidecar)


def test_c22_a_report_as_csv_has_every_row(sidecar):
    found = rows(report(sidecar, "--by", "team", "--format", "csv"))
    assert {(row["team"], row["token_type"]): int(row["tokens"]) for row in found if row["token_type"]} == {
        ("chat", "input"): 200_000, ("search", "input"): 8000, ("search", "output"): 200, ("search", "cache_read"): 100}


def test_c22_a_months_chargeback_is_the_difference_of_two_reports(sidecar, tmp_path):
    base = tmp_path / "november.json"
    base.write_text(report(sidecar, "--by", "team", "--format", "json"))
    spend(sidecar, "search", "limited", {"output": 1000})
    assert report(sidecar, "--by", "team", "--base", base).splitlines()[1].split()[:2] == ["search", "1,000"]
    (charge,) = rows(report(sidecar, "--by", "team", "--base", base, "--format", "focus", "--billing-account", "acme"))
    assert charge["BilledCost"] == charge["ListCost"] == "0.01"
    assert charge["ConsumedQuantity"] == "1000" and charge["PricingUnit"] == "Tokens"
    assert charge["ChargePeriodStart"] == json.loads(base.read_text())["time"] < charge["ChargePeriodEnd"]
    assert charge["BillingPeriodStart"] < charge["ChargePeriodStart"] < charge["BillingPeriodEnd"]
    assert json.loads(charge["Tags"]) == {"team": "search"} and charge["BillingAccountId"] == "acme"
    other = command("report", "--control", sidecar.addresses["control"], "--by", "agent", "--base", base)
    assert other.returncode == 1 and "no report by agent" in other.stderr


def test_a_charge_needs_a_beginning(sidecar):
    address = ["--control", sidecar.addresses["control"]]
    result = command("report", *address, "--format", "focus")
    assert result.returncode == 1 and "--since" in result.stderr
    assert command("report", *address, "--format", "focus", "--since", "yesterday").returncode == 1
    assert command("report", *address, "--format", "focus", "--since", "2200-01-01T00:00:00Z").returncode == 1
    charges = rows(report(sidecar, "--format", "focus", "--since", "2026-01-01T00:00:00Z"))
    assert {charge["ChargePeriodStart"] for charge in charges} == {"2026-01-01T00:00:00Z"}


def test_labels_that_are_not_there_are_said(sidecar):
    result = command("report", "--control", sidecar.addresses["control"], "--by", "user")
    assert result.returncode == 1 and "Add user to labels" in result.stderr
