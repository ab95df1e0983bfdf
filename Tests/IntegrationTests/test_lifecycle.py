"""Starting and ending, as Kubernetes and a terminal see it."""

import signal
import threading

import pytest
import requests
from harness.sidecar import command, start_arguments


def test_sigterm_ends_it_within_a_second(start):
    sidecar = start()
    sidecar.send_udp("tokens:1|c")
    sidecar.expect_total("tallygate_tokens_total", 1)
    sidecar.stop()


def test_sigint_ends_it_too(start):
    sidecar = start()
    sidecar.process.send_signal(signal.SIGINT)
    assert sidecar.wait(5) == 0


def test_sigterm_ends_it_under_load_and_with_connections_open(start):
    sidecar = start(unixgram=True)
    finished = threading.Event()

    def flood():
        while not finished.is_set():
            try:
                sidecar.send_unixgram(["tokens:1|c|#agent:flood"] * 100)
            except OSError:
                return

    sender = threading.Thread(target=flood)
    sender.start()
    with requests.Session() as idle:
        idle.get(f"http://{sidecar.addresses['web']}/metrics", timeout=5)
        try:
            sidecar.stop()
        finally:
            finished.set()
            sender.join()


def test_probes_answer_and_web_has_no_verbs(start):
    sidecar = start()
    for path in ("/-/healthy", "/-/ready", "/"):
        assert sidecar.web(path).status_code == 200, path
    assert sidecar.web("/nothing-here").status_code == 404
    for method in ("POST", "PUT", "DELETE"):
        response = requests.request(method, f"http://{sidecar.addresses['web']}/metrics", timeout=5)
        assert response.status_code == 405, method
    response = requests.post(f"http://{sidecar.addresses['web']}/v1/reservations", json={}, timeout=5)
    assert response.status_code in (404, 405)


def test_operator_verbs_are_refused_without_a_token_file(start):
    sidecar = start()
    assert sidecar.control("POST", "/v1/subjects/agent/a/stop").status_code in (403, 404)


def test_a_port_in_use_is_said_and_ends_it(start, tmp_path):
    sidecar = start()
    arguments = start_arguments(tmp_path)
    arguments[arguments.index("--web.listen-address") + 1] = sidecar.addresses["web"]
    result = command(*arguments)
    assert result.returncode not in (0, None) and result.returncode > 0
    assert sidecar.addresses["web"].rsplit(":", 1)[1] in result.stderr


def test_the_addresses_in_use_are_written_and_logged(start):
    sidecar = start(unixgram=True)
    assert {"udp", "unixgram", "web", "control"} <= set(sidecar.addresses)
    for kind in ("udp", "web", "control"):
        assert not sidecar.addresses[kind].endswith(":0")
        assert sidecar.addresses[kind] in sidecar.stderr() + sidecar.stdout()


@pytest.mark.parametrize("flag", ["--udp.listen-address", "--web.listen-address", "--control.listen-address"])
def test_an_address_that_makes_no_sense_is_a_sentence_not_a_crash(tmp_path, flag):
    arguments = start_arguments(tmp_path)
    arguments[arguments.index(flag) + 1] = "nowhere:99999"
    result = command(*arguments)
    assert result.returncode > 0
    assert "nowhere:99999" in result.stderr
