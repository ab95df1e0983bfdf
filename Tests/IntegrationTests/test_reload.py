"""Another configuration while the sidecar runs: by signal and by request."""

import signal

import pytest
import requests
from harness.sidecar import command
from harness.waiting import eventually

TOKEN = "an-operators-token-0123456789"


def configuration(limit, more=""):
    return (
        f"budgets: [{{name: daily, per: [agent], limit: {{tokens: {limit}}}, window: {{calendar: day}}}}]\n{more}"
    )


@pytest.fixture
def sidecar(start, tmp_path):
    token = tmp_path / "operator.token"
    token.write_text(TOKEN + "\n")
    return start(config=configuration(1000), flags=["--control.operator-token-file", str(token)])


def write(sidecar, text):
    (sidecar.directory / "tallygate.yaml").write_text(text)


def reload(sidecar):
    return sidecar.control("POST", "/-/reload", headers={"Authorization": f"Bearer {TOKEN}"})


def limit(sidecar):
    return sidecar.account("daily", agent="a")["limit"]


def test_a_changed_limit_acts_on_the_next_decision_and_nothing_is_lost(sidecar):
    held = sidecar.reserve({"agent": "a"}, 400).json()
    write(sidecar, configuration(300))
    assert reload(sidecar).json() == {"warnings": []}
    assert sidecar.account("daily", agent="a")["reserved"] == 400
    assert sidecar.check({"agent": "a"}, 1).status_code == 429
    assert sidecar.settle(held["id"], 350).status_code == 200
    account = sidecar.account("daily", agent="a")
    assert (account["used"], account["limit"], account["state"]) == (350, 300, "overspent")
    assert sidecar.total("tallygate_tokens_total") == 350


def test_sighup_reloads_too(sidecar):
    write(sidecar, configuration(77))
    sidecar.process.send_signal(signal.SIGHUP)
    eventually(lambda: limit(sidecar), lambda value: value == 77)
    assert sidecar.total("tallygate_config_last_reload_successful") == 1


def test_a_configuration_with_an_error_changes_nothing_and_says_where(sidecar):
    write(sidecar, configuration("minus one"))
    answer = reload(sidecar)
    assert answer.status_code == 500
    assert "tallygate.yaml:1" in answer.json()["detail"] and "limit.tokens" in answer.json()["detail"]
    assert limit(sidecar) == 1000
    assert sidecar.total("tallygate_config_last_reload_successful") == 0
    write(sidecar, configuration(500))
    assert reload(sidecar).status_code == 200
    assert sidecar.total("tallygate_config_last_reload_successful") == 1
    assert limit(sidecar) == 500


def test_what_only_a_start_sets_up_is_named(sidecar):
    write(sidecar, configuration(1000, "log: {level: debug}\n"))
    assert any("restart" in sentence for sentence in reload(sidecar).json()["warnings"])


def test_only_operators_reload(sidecar):
    assert sidecar.control("POST", "/-/reload").status_code == 401


def test_usage_sent_while_reloading_is_counted_once(sidecar):
    for round in range(20):
        sidecar.send_udp(*["tokens:1|c|#agent:b"] * 50)
        write(sidecar, configuration(1000 + round))
        assert reload(sidecar).status_code == 200
    sidecar.expect_total("tallygate_tokens_total", 1000)


def test_watching_takes_a_file():
    result = command("run", "--config.watch")
    assert result.returncode == 1
    assert "--config.watch goes with --config" in result.stderr
