"""Jobs, sessions and tasks that run away, from the first line to the restart."""

import subprocess

import pytest

from harness.prometheus import part
from harness.waiting import eventually

CONFIG = """
budgets:
  - name: corpus
    per: [job]
    limit: { tokens: 10_000_000 }
    window: { lifetime: {} }
jobs:
  - { name: corpus-2026-11, items: 100_000 }
runaway:
  - { per: task, tokens: 150_000, repeats: 3 }
  - { per: session, requests: 2, action: stop }
"""


@pytest.fixture
def sidecar(start, tmp_path):
    token = tmp_path / "operator.token"
    token.write_text("a-token-for-tests-only\n")
    token.chmod(0o600)
    return start(CONFIG, flags=["--control.operator-token-file", token])


def job(sidecar, name="corpus-2026-11"):
    response = sidecar.control("GET", f"/v1/jobs/{name}")
    return response.json() if response.status_code == 200 else response.status_code


def work(sidecar, tokens, items, name="corpus-2026-11"):
    body = {"model": "gpt-4o-mini", "tags": {"job": name}, "tokens": tokens, "requests": items, "items": items}
    assert sidecar.control("POST", "/v1/usage", body).status_code == 200


def test_the_worked_example(sidecar):
    """C19: 10M tokens for 100,000 documents."""
    assert (job(sidecar)["done"], job(sidecar)["total"], job(sidecar)["affordable"]) == (0, 100_000, None)
    work(sidecar, 4_200_000, 40_000)
    now = job(sidecar)
    assert (now["done"], now["percent"], now["tokens_per_item"]) == (40_000, 40.0, 105.0)
    assert (now["rest"]["items"], now["rest"]["tokens"]) == (60_000, 6_300_000)
    affordable = now["affordable"]
    assert (affordable["items"], affordable["covers_rest"], affordable["budget"]) == (55_238, False, "corpus")
    assert sidecar.total("tallygate_job_items_total", job="corpus-2026-11") == 40_000
    assert sidecar.total("tallygate_job_items_expected", job="corpus-2026-11") == 100_000
    assert sidecar.total("tallygate_job_tokens_total", job="corpus-2026-11") == 4_200_000


def test_a_job_that_its_budget_stopped_reads_as_partly_done(sidecar):
    work(sidecar, 9_999_000, 95_000)
    asked = {"tags": {"job": "corpus-2026-11"}, "tokens": 50_000}
    assert sidecar.control("POST", "/v1/reservations", asked).status_code == 429
    now = job(sidecar)
    assert (now["done"], now["percent"], now["affordable"]["items"]) == (95_000, 95.0, 9)


def test_lines_and_a_declaration_make_progress_that_outlives_a_restart(sidecar, start, tmp_path):
    assert job(sidecar, "nightly") == 404
    assert sidecar.control("PUT", "/v1/jobs/nightly", {"items": 200}).json()["total"] == 200
    sidecar.send_udp("\n".join(["items:5|c|#job:nightly", "tokens:700|c|#job:nightly", "requests:5|c|#job:nightly"]))
    eventually(lambda: job(sidecar, "nightly")["requests"], 5)
    assert sidecar.control("GET", "/v1/jobs").json()[1]["job"] == "nightly"
    sidecar.stop()
    again = start(CONFIG)
    now = job(again, "nightly")
    assert (now["done"], now["total"], now["tokens"], now["percent"]) == (5, 200, 700, 2.5)


def test_runaways_are_counted_and_stopped(sidecar):
    """B22: the task is told, the session is granted nothing more."""
    sidecar.send_udp("tokens:150000|c|#task:t")
    for _ in range(3):
        sidecar.send_udp("requests:1|c|#task:u,fingerprint:9f3c", "requests:1|c|#session:s")
    eventually(lambda: sidecar.total("tallygate_runaways_total", tag="task", cause="tokens"), 1)
    eventually(lambda: sidecar.total("tallygate_runaways_total", tag="task", cause="repeats"), 1)
    eventually(lambda: sidecar.total("tallygate_runaways_total", tag="session", cause="requests"), 1)
    asked = {"tags": {"session": "s"}, "tokens": 1}
    refused = sidecar.control("POST", "/v1/reservations", asked)
    assert (refused.status_code, refused.json()["reason"]) == (403, "runaway: 2 requests, limit 2")
    assert sidecar.control("POST", "/v1/reservations", asked | {"tags": {"session": "other"}}).status_code == 201


def test_promtool_finds_nothing_in_what_activities_show(sidecar):
    work(sidecar, 10, 1)
    for _ in range(25):
        call = {"agent": "a", "tags": {"session": "s", "task": "t"}, "cost_usd": "0.01"}
        assert sidecar.control("POST", "/v1/usage", call).status_code == 200
    for page in sidecar.both_pages():
        names = {sample.name for sample in page.samples()}
        assert {"tallygate_sessions_open", "tallygate_session_tokens_bucket", "tallygate_activities"} <= names
        assert page.total("tallygate_call_cost_anomalies_total", agent="a") == 0
    page = sidecar.metrics().text.encode()
    checked = subprocess.run([part("promtool"), "check", "metrics"], input=page, capture_output=True, timeout=30, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
