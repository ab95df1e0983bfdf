"""Another configuration while the sidecar runs: by signal and by request."""

import os
import signal
import threading

import pytest
import requests
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
    assert reload(sidecar).json() == {"changes": ["budget daily changed"], "warnings": []}
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


# The file is looked at by itself.

def test_a_file_that_changes_is_read_without_being_asked(start):
    sidecar = start(config=configuration(1000), flags=["--config.watch", "1s"])
    write(sidecar, configuration(88, "scopes: [agent]\n"))
    eventually(lambda: limit(sidecar), 88, 6)
    assert "budget daily changed; scopes changed" in sidecar.stderr()
    assert sidecar.total("tallygate_config_reloads_total", cause="file") == 1
    assert sidecar.total("tallygate_config_changes_total", change="budget_changed") == 1

    write(sidecar, "budgets: nonsense\n")
    eventually(lambda: sidecar.total("tallygate_config_reload_failures_total"), 1, 6)
    assert limit(sidecar) == 88
    assert sidecar.total("tallygate_config_last_reload_successful") == 0


def test_a_mounted_config_map_that_is_swapped_is_read(start, tmp_path):
    """As the kubelet does it: the file is a link into `..data`, and that is a link which is replaced."""
    mounted = tmp_path / "config"
    mounted.mkdir()

    def publish(version, limit):
        folder = mounted / f"..{version}"
        folder.mkdir()
        (folder / "tallygate.yaml").write_text(configuration(limit))
        (mounted / "..data_tmp").symlink_to(folder.name)
        os.replace(mounted / "..data_tmp", mounted / "..data")

    publish("1", 1000)
    (mounted / "tallygate.yaml").symlink_to("..data/tallygate.yaml")
    sidecar = start(flags=["--config", mounted / "tallygate.yaml", "--config.watch", "1s"])
    held = sidecar.reserve({"agent": "a"}, 400).json()
    publish("2", 99)
    eventually(lambda: limit(sidecar), 99, 6)
    assert sidecar.account("daily", agent="a")["reserved"] == 400
    assert sidecar.settle(held["id"], 10).status_code == 200


def test_watching_can_be_turned_off(start):
    sidecar = start(config=configuration(1000), flags=["--config.watch", "off"])
    write(sidecar, configuration(5))
    with pytest.raises(AssertionError):
        eventually(lambda: limit(sidecar), 5, 3)


# Fifty configurations that cannot be, each with the key that its error has to name.
WRONG = [
    ("budgets: [{name: daily, limit: {tokens: -1}, window: {calendar: day}}]", "budgets[0].limit.tokens"),
    ("budgets: [{name: daily, limit: {tokens: x}, window: {calendar: day}}]", "budgets[0].limit.tokens"),
    ("budgets: [{name: daily, limit: {tokens: 1.5}, window: {calendar: day}}]", "budgets[0].limit.tokens"),
    ("budgets: [{name: daily, limit: {token: 1}, window: {calendar: day}}]", "budgets[0].limit.token"),
    ("budgets: [{name: daily, limit: {cost_usd: ten}, window: {calendar: day}}]", "budgets[0].limit.cost_usd"),
    ("budgets: [{name: daily, limit: {requests: []}, window: {calendar: day}}]", "budgets[0].limit.requests"),
    ("budgets: [{name: daily, limit: 5, window: {calendar: day}}]", "budgets[0].limit"),
    ("budgets: [{name: daily, window: {calendar: day}}]", "budgets[0]"),
    ("budgets: [{limit: {tokens: 1}, window: {calendar: day}}]", "budgets[0]"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {calendar: century}}]", "budgets[0].window.calendar"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {rolling: soon}}]", "budgets[0].window.rolling"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {fixed: -1h}}]", "budgets[0].window.fixed"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {calendar: day, timezone: Mars/Base}}]",
     "budgets[0].window.timezone"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: day}]", "budgets[0].window"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {calendar: day}, warn_at: 2}]", "budgets[0].warn_at"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {calendar: day}, mode: strict}]", "budgets[0].mode"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {calendar: day}, per: agent}]", "budgets[0].per"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {calendar: day}, per: [id]}]", "budgets[0].per[0]"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {calendar: day}, match: [a]}]", "budgets[0].match"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {calendar: day}, parent: none}]", "budgets[0].parent"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {calendar: day}, on_expiry: keep}]", "budgets[0].on_expiry"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {calendar: day}, on_exceed: burn}]", "budgets[0].on_exceed"),
    ("budgets: [{name: daily, limit: {tokens: 1}, window: {calendar: day}, colour: red}]", "budgets[0].colour"),
    ("budgets: [5]", "budgets[0]"),
    ("budgets: {name: daily}", "budgets"),
    ("budget: []", "budget"),
    ("labels: agent", "labels"),
    ("labels: [agent, agent]", "labels[1]"),
    ("labels: [__name__]", "labels[0]"),
    ("scopes: [reservation]", "scopes[0]"),
    ("defaults: {warn_at: high}", "defaults.warn_at"),
    ("defaults: {mode: off}", "defaults.mode"),
    ("bounds: {max_series: 0}", "bounds.max_series"),
    ("bounds: {max_accounts: many}", "bounds.max_accounts"),
    ("bounds: {max_serious: 1}", "bounds.max_serious"),
    ("bounds: {series_idle_expiry: 1}", "bounds.series_idle_expiry"),
    ("pools: [{name: context, tokens: -1}]", "pools[0].tokens"),
    ("pools: [{tokens: 1}]", "pools[0]"),
    ("udp: {listen_address: everywhere}", "udp.listen_address"),
    ("web: {listen_address: 1.2.3.4}", "web.listen_address"),
    ("web: {address: ':1'}", "web.address"),
    ("control: {socket: ''}", "control.socket"),
    ("control: {socket_agents: friends}", "control.socket_agents"),
    ("authorize: {denied_status: 402}", "authorize.denied_status"),
    ("state: {fsync: sometimes}", "state.fsync"),
    ("state: {snapshot_interval: 0s}", "state.snapshot_interval"),
    ("log: {level: loud}", "log.level"),
    ("log: {format: xml}", "log.format"),
    ("advice: 5", "advice"),
    ("prices: {fallback: {input: cheap}}", "prices.fallback"),
]


def test_fifty_invalid_configurations_under_load_change_nothing_and_each_is_told(sidecar):
    assert len(WRONG) == 50
    stop = threading.Event()
    answers = []

    def load():
        while not stop.is_set():
            answers.append(sidecar.check({"agent": "a"}, 1000).status_code)
            answers.append(sidecar.check({"agent": "a"}, 1001).status_code)

    loaders = [threading.Thread(target=load) for _ in range(2)]
    for loader in loaders:
        loader.start()
    try:
        for text, key in WRONG:
            write(sidecar, text + "\n")
            answer = reload(sidecar)
            assert answer.status_code == 500, text
            assert f": {key}" in answer.json()["detail"], f"{text}\n{answer.json()['detail']}"
            assert "tallygate.yaml:1" in answer.json()["detail"]
    finally:
        stop.set()
        for loader in loaders:
            loader.join()
    assert answers[0::2] and set(answers) == {200, 429}
    assert answers.count(200) == pytest.approx(answers.count(429), abs=2)
    assert limit(sidecar) == 1000
    assert sidecar.total("tallygate_config_last_reload_successful") == 0
