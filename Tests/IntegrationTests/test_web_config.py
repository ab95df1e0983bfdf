"""TLS, names and passwords in the form that every Prometheus exporter takes, with certificates of a real openssl."""

import ssl
import subprocess

import pytest
import requests
from harness.sidecar import command
from harness.waiting import eventually

# bcrypt of "correct horse".
HASH = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"
USER = ("prometheus", "correct horse")


def certificate(folder, name, authority=None):
    """A new key and a certificate for 127.0.0.1: its own authority, or signed by one."""
    key, crt = folder / f"{name}.key", folder / f"{name}.crt"
    arguments = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", f"/CN={name}", "-keyout", key, "-out", crt,
    ]
    if authority:
        arguments += ["-CA", folder / f"{authority}.crt", "-CAkey", folder / f"{authority}.key",
                      "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"]
    subprocess.run([str(argument) for argument in arguments], check=True, capture_output=True, timeout=30)
    return crt


@pytest.fixture
def keys(tmp_path):
    folder = tmp_path / "keys"
    folder.mkdir()
    certificate(folder, "ca")
    certificate(folder, "server", "ca")
    certificate(folder, "client", "ca")
    return folder


def web_file(folder, more=""):
    path = folder / "web.yaml"
    path.write_text(f"tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n{more}")
    return path


def get(sidecar, path, listener="web", **options):
    return requests.get(f"https://{sidecar.addresses[listener]}{path}", timeout=10, **options)


def test_pages_over_tls_with_a_name_and_a_password(start, keys):
    headers = "http_server_config:\n  headers: { X-Content-Type-Options: nosniff }\n"
    users = f"basic_auth_users: {{ {USER[0]}: {HASH} }}\n"
    sidecar = start(flags=["--web.config.file", web_file(keys, headers + users)])
    ca = keys / "ca.crt"
    assert get(sidecar, "/-/healthy", verify=ca).status_code == 200
    for path in ["/metrics", "/snapshot"]:
        refused = get(sidecar, path, verify=ca)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Basic ")
        assert get(sidecar, path, verify=ca, auth=(USER[0], "wrong")).status_code == 401
        answer = get(sidecar, path, verify=ca, auth=USER)
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with pytest.raises(requests.exceptions.SSLError):
        get(sidecar, "/-/healthy", verify=True)
    with pytest.raises(requests.exceptions.RequestException):
        requests.get(f"http://{sidecar.addresses['web']}/-/healthy", timeout=5)
    # The control listener has a file of its own.
    assert sidecar.check({"agent": "a"}, 1).status_code == 200


def test_a_renewed_certificate_is_served_without_a_restart_and_a_broken_one_is_not(start, keys):
    sidecar = start(flags=["--web.config.file", web_file(keys)])
    address = sidecar.addresses["web"].rsplit(":", 1)
    address = (address[0] or "127.0.0.1", int(address[1]))
    first = ssl.get_server_certificate(address)
    certificate(keys, "server", "ca")
    second = eventually(lambda: ssl.get_server_certificate(address), lambda served: served != first, 6)
    (keys / "server.crt").write_text("not a certificate")
    eventually(lambda: (get(sidecar, "/-/healthy", verify=keys / "ca.crt"), sidecar.stderr())[1],
               lambda log: "new certificate cannot be used" in log, 6)
    assert ssl.get_server_certificate(address) == second


def test_users_and_fields_change_with_the_file_and_a_mistake_in_it_changes_nothing(start, tmp_path):
    path = tmp_path / "web.yaml"
    path.write_text(f"basic_auth_users: {{ {USER[0]}: {HASH} }}\n")
    sidecar = start(flags=["--web.config.file", path])

    def status(name):
        return sidecar.web("/metrics", auth=(name, USER[1])).status_code

    assert (status("prometheus"), status("another"), sidecar.web("/metrics").status_code) == (200, 401, 401)
    path.write_text(
        f"http_server_config: {{ headers: {{ X-Frame-Options: deny }} }}\nbasic_auth_users: {{ another: {HASH} }}\n")
    assert (status("prometheus"), status("another")) == (401, 200)
    assert sidecar.web("/-/healthy").headers["X-Frame-Options"] == "deny"
    path.write_text("basic_auth_users: { another: in clear }\n")
    assert (status("prometheus"), status("another")) == (401, 200)
    assert "cannot be used" in sidecar.stderr() and "in clear" not in sidecar.stderr()
    path.write_text("")
    assert sidecar.web("/metrics").status_code == 200


def test_a_renewed_configuration_names_another_certificate(start, keys):
    sidecar = start(flags=["--web.config.file", web_file(keys)])
    address = sidecar.addresses["web"].rsplit(":", 1)
    address = (address[0] or "127.0.0.1", int(address[1]))
    first = ssl.get_server_certificate(address)
    certificate(keys, "second", "ca")
    (keys / "web.yaml").write_text("tls_server_config:\n  cert_file: second.crt\n  key_file: second.key\n")
    eventually(lambda: ssl.get_server_certificate(address), lambda served: served != first, 6)
    (keys / "web.yaml").write_text("")
    assert get(sidecar, "/-/healthy", verify=keys / "ca.crt").status_code == 200
    eventually(sidecar.stderr, lambda log: "cannot switch TLS" in log, 6)


def test_the_control_listener_can_ask_for_certificates(start, keys):
    more = "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n"
    sidecar = start(flags=["--control.config.file", web_file(keys, more)])
    ca = keys / "ca.crt"
    client = (keys / "client.crt", keys / "client.key")
    assert get(sidecar, "/v1/budgets", "control", verify=ca, cert=tuple(map(str, client))).status_code == 200
    with pytest.raises(requests.exceptions.RequestException):
        get(sidecar, "/v1/budgets", "control", verify=ca)
    certificate(keys, "other")
    stranger = (str(keys / "other.crt"), str(keys / "other.key"))
    with pytest.raises(requests.exceptions.RequestException):
        get(sidecar, "/v1/budgets", "control", verify=ca, cert=stranger)


@pytest.mark.parametrize(
    "text, says",
    [
        ("tls_server_config:\n  cert_file: server.crt\n  key: server.key\n", "web.yaml:3:3: tls_server_config.key"),
        ("tls_server_config: { cert_file: gone.crt, key_file: server.key }\n", "TLS cannot be served"),
        ("basic_auth_users:\n  p: correct horse\n", "web.yaml:2:3: basic_auth_users.p"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_mistake_told_at_the_start(keys, tmp_path, text, says):
    (keys / "web.yaml").write_text(text)
    result = command(
        "run", "--web.config.file", keys / "web.yaml", "--udp.listen-address", "", "--control.listen-address", "",
        "--web.listen-address", "127.0.0.1:0", "--stdin", "--exit-on-eof", stdin=subprocess.DEVNULL)
    assert result.returncode == 1, result.stderr
    assert says in result.stderr and "correct horse" not in result.stderr
