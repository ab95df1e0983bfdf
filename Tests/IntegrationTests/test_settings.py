"""A flag wins over its environment variable, the variable over the file, the file over the default."""

import socket
import subprocess

import pytest
from harness.sidecar import binary, command, environment


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(variables, *arguments, text=""):
    """`tallygate run` over an input that has ended already, so that it ends too; every listener off but what is given."""
    off = {"TALLYGATE_UDP_LISTEN_ADDRESS": "", "TALLYGATE_WEB_LISTEN_ADDRESS": "", "TALLYGATE_CONTROL_LISTEN_ADDRESS": ""}
    return subprocess.run(
        [binary(), "run", "--stdin", "--exit-on-eof", *map(str, arguments)], input=text, capture_output=True, text=True,
        timeout=30, env=environment() | off | variables, check=False,
    )


def lines_of(result):
    return [line for line in result.stderr.splitlines() if "msg=" in line or line.startswith("{")]


@pytest.mark.parametrize(
    "flag, variable, in_file, is_json",
    [
        (None, None, None, False),
        (None, None, "json", True),
        (None, "json", None, True),
        ("json", None, None, True),
        (None, "logfmt", "json", False),
        ("logfmt", "json", "json", False),
        ("json", "logfmt", "logfmt", True),
    ],
)
def test_flag_over_variable_over_file_over_default(tmp_path, flag, variable, in_file, is_json):
    config = tmp_path / "tallygate.yaml"
    config.write_text(f"log: {{ format: {in_file} }}\n" if in_file else "{}\n")
    arguments = ["--config", config] + (["--log.format", flag] if flag else [])
    result = run({"TALLYGATE_LOG_FORMAT": variable} if variable else {}, *arguments)
    assert result.returncode == 0, result.stderr
    assert lines_of(result), "it says something when it starts"
    assert all(line.startswith("{") == is_json for line in lines_of(result)), result.stderr


def test_the_configuration_itself_may_be_named_by_its_variable(tmp_path):
    result = run({"TALLYGATE_CONFIG": str(tmp_path / "missing.yaml")})
    assert result.returncode == 1
    assert "missing.yaml" in result.stderr


@pytest.mark.parametrize("name", ["web", "control"])
def test_an_empty_address_switches_a_listener_off_and_a_flag_switches_it_on_again(name):
    port = free_port()
    variables = {f"TALLYGATE_{name.upper()}_LISTEN_ADDRESS": "not an address"}
    assert run(variables).returncode == 1, "the variable is read"
    assert run(variables, f"--{name}.listen-address", f"127.0.0.1:{port}").returncode == 0, "the flag wins"
    assert run(variables, f"--{name}.listen-address", "").returncode == 0, "an empty flag wins too"


@pytest.mark.parametrize(
    "flag, value, says",
    [
        ("max-series", "0", "max-series"),
        ("max-series", "ten", "max-series"),
        ("max-series", "99999999999999999999", "max-series"),
        ("log.level", "loud", "loud"),
        ("log.format", "xml", "xml"),
        ("state.snapshot-interval", "0s", "state.snapshot-interval"),
        ("state.snapshot-interval", "25h", "state.snapshot-interval"),
        ("state.snapshot-interval", "soon", "soon"),
        ("udp.listen-address", "localhost", "udp.listen-address"),
        ("udp.listen-address", "127.0.0.1:65536", "udp.listen-address"),
        ("web.listen-address", "127.0.0.1:http", "web.listen-address"),
        ("control.listen-address", ":-1", "control.listen-address"),
        ("control.operator-token-file", "/nonexistent/token", "/nonexistent/token"),
        ("control.agent-token-file", "/dev/null", "/dev/null"),
        ("web.scraper-token-file", "/nonexistent/token", "/nonexistent/token"),
        ("control.socket-agents", "everybody", "everybody"),
        ("control.socket-operators", "0;1", "0;1"),
    ],
)
def test_a_value_that_cannot_be_is_named(flag, value, says):
    variable = "TALLYGATE_" + flag.upper().replace(".", "_").replace("-", "_")
    for result in (run({}, f"--{flag}", value), run({variable: value})):
        assert result.returncode == 1, result.stderr
        assert result.stderr.startswith("error: ") and says in result.stderr, result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_an_empty_variable_of_a_path_means_none():
    empty = ["CONTROL_SOCKET", "WEB_SCRAPER_TOKEN_FILE", "CONTROL_SOCKET_AGENTS", "CONTROL_SOCKET_OPERATORS",
             "CONTROL_OPERATOR_TOKEN_FILE", "CONTROL_AGENT_TOKEN_FILE", "STATE_DIR", "READY_FILE",
             "UNIXGRAM_LISTEN_PATH"]
    result = run({f"TALLYGATE_{name}": "" for name in empty})
    assert result.returncode == 0, result.stderr


def test_exit_on_eof_without_stdin_is_a_mistake():
    result = command("run", "--exit-on-eof")
    assert result.returncode == 1
    assert "--stdin" in result.stderr
